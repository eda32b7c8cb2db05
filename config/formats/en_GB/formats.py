"""Where pages of the admin show a moment by Django's own rules: as our columns do, by 24 hours."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "D j M Y, H:i"
