"""How the handbook is built. What can be read from the code is written from it at each build."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from reference import write_reference  # noqa: E402 - found only once its folder is on the path

project = "Townhall"
author = "The Townhall authors"
project_copyright = "2026, The Townhall authors"
language = "en"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_generated"]
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "Townhall"
html_show_sphinx = False
html_copy_source = False
html_static_path = ["static"]
html_css_files = ["handbook.css"]
# The icons that furo would fetch from elsewhere are not needed.
html_theme_options = {"footer_icons": []}
nitpicky = True

write_reference(HERE / "_generated")
