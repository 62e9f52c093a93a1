"""What people see, as HTML that looks like Slack in its light theme; and pictures of it.

    page = pictures.page(pictures.modal(view), pictures.message({"text": "…", "blocks": […]}))
    page = pictures.page(pictures.shown(ada.screen))  # what Ada sees now
    pictures.photograph(page, Path("modal.png"))

`markup`, `elements`, `blocks` and `surfaces` make HTML and know no browser; only `camera` starts one. `png` makes files small.
Every text is escaped. Not here: block types the stand-in refuses, threads, hover, dark theme, block quotes in mrkdwn.
"""

from .camera import NoBrowser, photograph
from .surfaces import home, message, modal, page, shown

__all__ = ["NoBrowser", "home", "message", "modal", "page", "photograph", "shown"]
