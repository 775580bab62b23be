"""The training doctor of games: what goes wrong with two networks against each other, told from numbers alone.

The detectors follow Foster, Generative Deep Learning (1st edition), section 4.3.6 and what sections 4.4 and 4.5 say of
clipping and of the gradient penalty. Their thresholds are ours: `tests/benchmarks/doctor.py` tries them.
"""
