/** Give the row of KINDS in app/static/js/kinds.js, of whose module are the names it is given. */
function starsRow({ Refused, labelled, h }) {
  return {
    clean: (question, given) => {
      if (given === "") return undefined;
      if (!/^([1-9]|10)$/.test(given) || Number(given) > (question.maximum ?? 10)) throw new Refused("out_of_range");
      return given;
    },
    draw: (question, given, fault) =>
      h("input", { ...labelled(question, fault), type: "range", min: 0, max: 10, value: given ?? "" }),
  };
}
