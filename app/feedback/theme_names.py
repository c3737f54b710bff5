"""How themes are called: what a code and a name may be, whoever makes them."""

import re

CODE = re.compile(r"(?P<area>[a-z]{2,8})_[a-z][a-z_]*[a-z]")
"""Of a national theme: the code of its area, and a word."""
LONGEST_CODE = 40
LONGEST_NAME = 120
"""Letters of a name in one language."""
