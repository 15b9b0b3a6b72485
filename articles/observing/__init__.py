"""What the site tells of itself: lines of a log, figures; never what it holds."""
