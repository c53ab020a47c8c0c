"""How the demo speaks: each step says who does what and what came of it, in Chinese and English."""

from rich.console import Console


class Teller:
    """Numbers the steps and prints them. What is printed was read back before."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)
        self.steps = 0

    def chapter(self, zh: str, en: str) -> None:
        """A new part of the story."""
        self._console.print(f"\n[bold]{zh}[/bold] · {en}")

    def step(self, who_zh: str, who_en: str, zh: str, en: str) -> None:
        """One verified step."""
        self.steps += 1
        self._console.print(f"{self.steps:>3} ✓ [cyan]{who_zh}[/cyan]：{zh}", markup=True)
        self._console.print(f"      {who_en}: {en}", style="dim", markup=False)

    def say(self, zh: str, en: str) -> None:
        """A line that is no step."""
        self._console.print(f"{zh} · {en}", markup=False)
