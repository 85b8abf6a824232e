-- SPDX-License-Identifier: GPL-3.0-or-later
-- Further readings, which only search looks at, are made when nobody waits for a first one: how far a page was
-- read, the object that holds what was read further, and how often that failed.
ALTER TABLE page ADD COLUMN effort TEXT NOT NULL DEFAULT '' CHECK (effort IN ('', 'shown', 'all'));
ALTER TABLE page ADD COLUMN further TEXT NOT NULL DEFAULT '';
ALTER TABLE page ADD COLUMN further_attempts INTEGER NOT NULL DEFAULT 0;
CREATE INDEX page_further ON page (further_attempts, no DESC) WHERE state = 'read' AND effort = 'shown' AND excluded = 0
	AND further_attempts < 3;

UPDATE page SET effort = iif(reading ->> '$.effort' = 'all', 'all', 'shown') WHERE state = 'read';
