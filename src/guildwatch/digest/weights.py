"""How much each piece of evidence weighs: written by `benchmarks/train_separation.py`."""

JOINING = {
    "pause": -0.68,
    "latest": 0.3,
    "latest_alone": 1.0,
    "latest_unnaming": 0.9,
    "shared": 0.48,
    "addressed": 6.0,
    "answered": 2.4,
    "returning": 3.6,
    "continuing": 2.9,
    "lone": 0.7,
}
BEGINNING = {
    "new": 1.15,
    "greeting": 0.25,
    "opening": 0.25,
    "homeless": 1.35,
    "addressing": -0.3,
}
