"""The pages that the gallery shows are those that are served, word for word."""

from tests.support import gallery
from tests.support.visitor import Visitor

from townhall.definitions.files import publish_file


def test_the_gallery_shows_the_pages_as_they_are(tmp_path, clock):
    """Where this fails the handbook's pictures are of pages that have changed: `make gallery`."""
    recorded, served = gallery.recorded(), {}
    for pattern, form in gallery.make(tmp_path).items():
        file = tmp_path / f"{form.definition.service}.yaml"
        assert publish_file(file, by="ann", at=clock.now).changed
        visitor = Visitor()

        def look(name: str, seen: Visitor = visitor) -> dict[str, str]:
            return {"page": name, **gallery.shown(str(seen.page))}

        served[pattern] = gallery.walked(form, visitor, look)
    without = {
        pattern: [{key: page[key] for key in ("page", "heading", "words")} for page in pages]
        for pattern, pages in recorded.items()
    }
    assert served == without
    pictures = {page["image"] for pages in recorded.values() for page in pages}
    assert {file.name for file in gallery.FOLDER.glob("*.png")} == pictures
