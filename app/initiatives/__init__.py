"""What cities set out to do: initiatives, their examination, and the documents behind them."""
