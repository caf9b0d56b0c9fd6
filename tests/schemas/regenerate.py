"""`python -m tests.schemas.regenerate`: write `docs/schemas` anew."""

from pathlib import Path

from schemas.export import files

HERE = Path(__file__).parents[2] / "docs" / "schemas"


def main() -> None:
    """Every file; those of versions that are gone are removed."""
    HERE.mkdir(parents=True, exist_ok=True)
    for path in HERE.iterdir():
        path.unlink()
    for name, text in files().items():
        (HERE / name).write_text(text)


if __name__ == "__main__":
    main()
