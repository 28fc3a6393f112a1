"""Two quiet themes with one accent colour each; nothing is said by colour alone."""

from textual.theme import Theme

DARK = Theme(
    name="guildwatch-dark",
    primary="#7aa2c9",
    secondary="#7aa2c9",
    accent="#e0a458",
    foreground="#d7dae0",
    background="#16181d",
    surface="#1c1f26",
    panel="#242833",
    success="#7fb685",
    warning="#e0a458",
    error="#d9756c",
    dark=True,
    variables={"border": "#3a4050", "footer-key-foreground": "#e0a458"},
)
LIGHT = Theme(
    name="guildwatch-light",
    primary="#2f5f8f",
    secondary="#2f5f8f",
    accent="#a35f00",
    foreground="#22262e",
    background="#fbfaf7",
    surface="#f3f1ec",
    panel="#e9e6de",
    success="#2f7d3b",
    warning="#a35f00",
    error="#b3372c",
    dark=False,
    variables={"border": "#c9c4b8", "footer-key-foreground": "#a35f00"},
)
