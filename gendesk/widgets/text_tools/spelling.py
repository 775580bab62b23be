"""How tokens are written where they stand alone, so that spaces and line ends can be seen."""

_SIGNS = {"\n": "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}", "\t": "\N{RIGHTWARDS ARROW TO BAR}"}
SPACE = "\N{OPEN BOX}"


def visible(token: str) -> str:
    """Return a token with signs for what has no ink: for line ends, tabs, and spaces at its ends."""
    for blank, sign in _SIGNS.items():
        token = token.replace(blank, sign)
    inner = token.strip(" ")
    if not inner:
        return SPACE * len(token)
    left = len(token) - len(token.lstrip(" "))
    right = len(token) - len(token.rstrip(" "))
    return f"{SPACE * left}{inner}{SPACE * right}"
