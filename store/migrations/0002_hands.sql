-- SPDX-License-Identifier: GPL-3.0-or-later
-- Whose hand set a person's present password by adding or resetting the account, and until when that
-- counts ('': always; permit.h); since when a reset is asked for.
ALTER TABLE user ADD COLUMN hand TEXT NOT NULL DEFAULT '';
ALTER TABLE user ADD COLUMN hand_until TEXT NOT NULL DEFAULT '';
ALTER TABLE user ADD COLUMN reset_asked_at TEXT NOT NULL DEFAULT '';

-- What a replay would make of requests that an older catalogue holds: a sign-in since withdraws one.
UPDATE user SET reset_asked_at = coalesce((SELECT at FROM event WHERE type = 'user.reset_asked'
	AND json ->> '$.user' = user.user ORDER BY idx DESC LIMIT 1), '') WHERE reset_asked_by <> '';
UPDATE user SET reset_asked_by = '', reset_asked_at = '' WHERE reset_asked_by <> ''
	AND (SELECT type FROM event WHERE type IN ('user.reset_asked', 'session.open')
	AND json ->> '$.user' = user.user ORDER BY idx DESC LIMIT 1) = 'session.open';
