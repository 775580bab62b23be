"""How pages write shares."""


def percent(share: float) -> str:
    """Write a share in [0, 1] in per cent: with a decimal below 10 % where it is no whole number."""
    hundredths = 100 * share
    decimals = 1 if 0 < hundredths < 10 and abs(hundredths - round(hundredths)) > 1e-9 else 0
    return f"{hundredths:.{decimals}f}\N{NO-BREAK SPACE}%"
