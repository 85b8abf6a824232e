-- SPDX-License-Identifier: GPL-3.0-or-later
-- What people corrected of a page's text: a layer over every reading, also over later ones. The box is of
-- the upright page before a person's rotation.
CREATE TABLE correction (
	page INTEGER NOT NULL REFERENCES page (no),
	x    INTEGER NOT NULL CHECK (x >= 0),
	y    INTEGER NOT NULL CHECK (y >= 0),
	w    INTEGER NOT NULL CHECK (w > 0),
	h    INTEGER NOT NULL CHECK (h > 0),
	text TEXT NOT NULL CHECK (text <> ''),
	by   TEXT NOT NULL,
	at   TEXT NOT NULL,
	PRIMARY KEY (page, y, x, w, h)
) STRICT, WITHOUT ROWID;
