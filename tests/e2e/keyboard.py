"""A reader who has a keyboard and nothing else."""

import pytest
from playwright.sync_api import Page


def focused(page: Page) -> str:
    """Tell what has the focus, after making sure that anybody can see where it is."""
    focused = page.evaluate(
        """() => {
          const focus = document.activeElement, label = focus.closest('label') || focus;
          const drawn = [focus, label].some(one => {
            const style = getComputedStyle(one), box = one.getBoundingClientRect();
            const lined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
            return lined && Math.min(box.width, box.height) > 8 && box.bottom > 0 && box.top < innerHeight;
          });
          const name = focus.name || focus.className || focus.tagName;
          const open = focus.type === 'radio' && !focus.checked ? 'radio ' : '';
          return [drawn, open + name, focus.outerHTML.slice(0, 120)];
        }"""
    )
    assert focused[0], f"the focus cannot be seen on {focused[2]}"
    return str(focused[1])


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is where it is wanted; answer each radio group on the way with Space and an arrow."""
    for _step in range(120):
        page.keyboard.press("Tab")
        name = focused(page)
        if name == selector:
            return
        if name.startswith("radio "):
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
            assert focused(page) == name.removeprefix("radio ")
    pytest.fail(f"Tab never reaches {selector}")
