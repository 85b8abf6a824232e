-- SPDX-License-Identifier: GPL-3.0-or-later
-- The catalogue, version 1: a projection of the log, recreated from it at any time. Times are RFC 3339
-- UTC text, digests and object ids lower-case hex, ids plain numbers (B000001 is 1). "" means none.
-- Only the apply_* functions write here.

-- One row, from archive.init.
CREATE TABLE archive (
	id           INTEGER PRIMARY KEY CHECK (id = 1),
	name         TEXT NOT NULL,
	origin       TEXT NOT NULL,
	master       TEXT NOT NULL,
	recovery     TEXT NOT NULL,
	log_verifier TEXT NOT NULL,
	ca_pem       TEXT NOT NULL,
	at           TEXT NOT NULL
) STRICT;

-- Every event, for the log view: json is the event itself, the other columns are for finding it.
CREATE TABLE event (
	idx      INTEGER PRIMARY KEY,
	at       TEXT NOT NULL,
	type     TEXT NOT NULL,
	actor    TEXT NOT NULL,
	session  TEXT NOT NULL,
	terminal TEXT NOT NULL,
	batch    INTEGER,
	document INTEGER,
	page     INTEGER,
	leaf     BLOB NOT NULL CHECK (length(leaf) = 32),
	json     TEXT NOT NULL
) STRICT;
CREATE INDEX event_batch ON event (batch) WHERE batch IS NOT NULL;
CREATE INDEX event_page ON event (page) WHERE page IS NOT NULL;
CREATE INDEX event_actor ON event (actor);
CREATE INDEX event_type ON event (type);

-- Which events concern which documents (one event may name many: a search, an export).
CREATE TABLE event_document (
	document INTEGER NOT NULL,
	idx      INTEGER NOT NULL REFERENCES event (idx),
	PRIMARY KEY (document, idx)
) STRICT, WITHOUT ROWID;

-- Digests of the files below keys/, as logged.
CREATE TABLE key_file (
	name   TEXT PRIMARY KEY CHECK (name <> ''),
	sha256 TEXT NOT NULL CHECK (length(sha256) = 64)
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
	user           TEXT PRIMARY KEY CHECK (length(user) BETWEEN 1 AND 32),
	display        TEXT NOT NULL,
	role           TEXT NOT NULL CHECK (role IN ('clerk', 'checker', 'manager', 'inspector', 'admin')),
	state          TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
	sha256         TEXT NOT NULL CHECK (length(sha256) = 64),
	cert_pem       TEXT NOT NULL,
	must_change    INTEGER NOT NULL CHECK (must_change IN (0, 1)),
	failures       INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
	locked_until   TEXT NOT NULL DEFAULT '',
	reset_asked_by TEXT NOT NULL DEFAULT '',
	last_login     TEXT NOT NULL DEFAULT '',
	added_at       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
	no          INTEGER PRIMARY KEY CHECK (no > 0),
	state       TEXT NOT NULL CHECK (state IN ('open', 'submitted', 'confirmed')),
	opened_at   TEXT NOT NULL,
	opened_by   TEXT NOT NULL,
	source      TEXT NOT NULL CHECK (source IN ('scan', 'import')),
	device      TEXT NOT NULL,
	profile     TEXT NOT NULL,
	type        TEXT NOT NULL,
	ring_sha256 TEXT NOT NULL CHECK (length(ring_sha256) = 64),
	ring_count  INTEGER NOT NULL CHECK (ring_count > 0),
	keys_used   INTEGER NOT NULL DEFAULT 0,
	running     INTEGER NOT NULL CHECK (running IN (0, 1)),
	runs        INTEGER NOT NULL DEFAULT 0,
	code        TEXT NOT NULL DEFAULT '',      -- how the last run ended
	message_ja  TEXT NOT NULL DEFAULT '',
	message_en  TEXT NOT NULL DEFAULT '',
	change      INTEGER NOT NULL               -- index + 1 of the newest event that touched it
) STRICT;
CREATE INDEX batch_running ON batch (no) WHERE running = 1;

-- Files of an import that were refused.
CREATE TABLE refusal (
	idx        INTEGER PRIMARY KEY,            -- of the event
	batch      INTEGER NOT NULL REFERENCES batch (no),
	file       TEXT NOT NULL,
	code       TEXT NOT NULL,
	message_ja TEXT NOT NULL,
	message_en TEXT NOT NULL
) STRICT;
CREATE INDEX refusal_batch ON refusal (batch);

-- void: a draft that lost all its pages to a new cut; its number is never used for another.
CREATE TABLE document (
	no           INTEGER PRIMARY KEY CHECK (no > 0),
	batch        INTEGER NOT NULL REFERENCES batch (no),
	state        TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'confirmed', 'void')),
	type         TEXT NOT NULL,
	indexed_by   TEXT NOT NULL DEFAULT '',
	submitted_by TEXT NOT NULL DEFAULT '',
	submitted_at TEXT NOT NULL DEFAULT '',
	version      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX document_batch ON document (batch);
CREATE INDEX document_state ON document (state) WHERE state IN ('draft', 'submitted', 'void');

CREATE TABLE field (
	document INTEGER NOT NULL REFERENCES document (no),
	key      TEXT NOT NULL CHECK (key IN ('client_id', 'client_name', 'date', 'received', 'title')),
	value    TEXT NOT NULL CHECK (value <> ''),
	PRIMARY KEY (document, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX field_value ON field (key, value);

CREATE TABLE page (
	no             INTEGER PRIMARY KEY CHECK (no > 0),    -- filing order, also of search results
	batch          INTEGER NOT NULL REFERENCES batch (no),
	seq            INTEGER NOT NULL CHECK (seq > 0),      -- within the batch
	added          INTEGER NOT NULL,                      -- index of the event that brought it
	added_at       TEXT NOT NULL,
	document       INTEGER REFERENCES document (no),
	place          INTEGER NOT NULL DEFAULT 0,            -- within the document, excluded pages counted
	n              INTEGER NOT NULL DEFAULT 0,            -- within the document, excluded pages 0
	excluded       INTEGER NOT NULL DEFAULT 0 CHECK (excluded IN (0, 1)),
	reason         TEXT NOT NULL DEFAULT '',
	state          TEXT NOT NULL DEFAULT 'stored' CHECK (state IN ('stored', 'read', 'unreadable')),
	key            INTEGER NOT NULL CHECK (key >= 0),
	master         TEXT NOT NULL CHECK (length(master) = 64),
	master_size    INTEGER NOT NULL CHECK (master_size > 0),
	tiff_sha256    TEXT NOT NULL CHECK (length(tiff_sha256) = 64),
	tiff_size      INTEGER NOT NULL CHECK (tiff_size > 0),
	raw_sha256     TEXT NOT NULL CHECK (length(raw_sha256) = 64),
	params         TEXT NOT NULL,                         -- JSON, what the device really did
	interactive    INTEGER NOT NULL CHECK (interactive IN (0, 1)),
	rotation       INTEGER NOT NULL DEFAULT 0 CHECK (rotation IN (0, 90, 180, 270)),
	asked_rotation INTEGER NOT NULL DEFAULT 0 CHECK (asked_rotation IN (0, 90, 180, 270)),
	width          INTEGER NOT NULL CHECK (width > 0),    -- of the master, then of the upright page
	height         INTEGER NOT NULL CHECK (height > 0),
	dpi            INTEGER NOT NULL CHECK (dpi >= 0),
	confidence     INTEGER NOT NULL DEFAULT 0,
	result         TEXT NOT NULL DEFAULT '',
	result_sha256  TEXT NOT NULL DEFAULT '',
	alto           TEXT NOT NULL DEFAULT '',
	preview        TEXT NOT NULL DEFAULT '',
	thumb          TEXT NOT NULL DEFAULT '',
	findings       TEXT NOT NULL DEFAULT '[]',            -- JSON
	reading        TEXT NOT NULL DEFAULT '{}',            -- JSON of page.read's reading
	form_type      TEXT NOT NULL DEFAULT '',
	proposals      TEXT NOT NULL DEFAULT '[]',            -- JSON of the result's fields
	attempts       INTEGER NOT NULL DEFAULT 0,            -- recognitions that killed their worker
	UNIQUE (batch, seq)
) STRICT;
CREATE INDEX page_document ON page (document, place) WHERE document IS NOT NULL;
CREATE INDEX page_waiting ON page (interactive DESC, no) WHERE state = 'stored' AND excluded = 0;

-- Every object that an event named. sha256 is that of the plaintext, where it was logged.
CREATE TABLE object (
	id     TEXT PRIMARY KEY CHECK (length(id) = 64),
	kind   TEXT NOT NULL,
	batch  INTEGER NOT NULL REFERENCES batch (no),
	key    INTEGER NOT NULL CHECK (key >= 0),
	sha256 TEXT NOT NULL,
	size   INTEGER NOT NULL CHECK (size > 0)
) STRICT, WITHOUT ROWID;

-- Confirmed versions and their timestamps.
CREATE TABLE version (
	document        INTEGER NOT NULL REFERENCES document (no),
	version         INTEGER NOT NULL CHECK (version > 0),
	at              TEXT NOT NULL,
	confirmed_by    TEXT NOT NULL,
	signer          TEXT NOT NULL,
	cert_serial     TEXT NOT NULL,
	same_person     INTEGER NOT NULL CHECK (same_person IN (0, 1)),
	waivers         TEXT NOT NULL,                        -- JSON
	key             INTEGER NOT NULL CHECK (key >= 0),
	manifest_sha256 TEXT NOT NULL CHECK (length(manifest_sha256) = 64),
	manifest        TEXT NOT NULL,
	signature       TEXT NOT NULL,                        -- CAdES-BES, then CAdES-T
	value           TEXT NOT NULL,
	token           TEXT NOT NULL DEFAULT '',             -- TimeStampResp
	token_key       INTEGER NOT NULL DEFAULT 0,
	stamped_at      TEXT NOT NULL DEFAULT '',
	tsa             TEXT NOT NULL DEFAULT '',
	tsa_serial      TEXT NOT NULL DEFAULT '',
	policy          TEXT NOT NULL DEFAULT '',
	accredited      INTEGER NOT NULL DEFAULT 0 CHECK (accredited IN (0, 1)),
	waiting_why     TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (document, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_untimed ON version (at, document) WHERE token = '';

-- What recognition read of a page. id = page * 64 + k: k 63 is the shown reading, 62, 61 … further ones,
-- which only search looks at.
CREATE TABLE reading (
	id         INTEGER PRIMARY KEY,
	page       INTEGER NOT NULL REFERENCES page (no),
	name       TEXT NOT NULL,
	confidence INTEGER NOT NULL,
	text       TEXT NOT NULL
) STRICT;

-- Where each code point of a reading stands on the page (search_box.c).
CREATE TABLE reading_box (
	id   INTEGER PRIMARY KEY REFERENCES reading (id) ON DELETE CASCADE,
	data BLOB NOT NULL
) STRICT;

-- The pages that the full-text index holds (those of a document, not excluded) and the fields of their
-- documents as indexed with them: in "first" for the first page of a document, in "fields" for the
-- others. So a document that is found by its fields alone can be found once.
CREATE TABLE indexed (
	page   INTEGER PRIMARY KEY REFERENCES page (no),
	fields TEXT NOT NULL,
	first  TEXT NOT NULL
) STRICT;

-- All readings of a page as one text; char(31) keeps them apart (search.h, SEARCH_BREAK).
CREATE VIEW indexed_text AS
	SELECT page AS id,
	       coalesce((SELECT group_concat(text, char(31)) FROM (SELECT text FROM reading
	                 WHERE id BETWEEN indexed.page * 64 AND indexed.page * 64 + 63
	                 ORDER BY id DESC)), '') AS text,
	       fields, first
	FROM indexed;

-- One token a character and one for each two neighbours, after folding (search_token.c). Rowids are page
-- numbers, so the newest page comes first without sorting.
CREATE VIRTUAL TABLE search USING fts5 (
	text, fields, first,
	content = 'indexed_text',
	content_rowid = 'id',
	tokenize = 'fumikura',
	detail = full,
	columnsize = 0
);
