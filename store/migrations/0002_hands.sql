-- SPDX-License-Identifier: GPL-3.0-or-later
-- Whose hand set a person's present password by adding or resetting the account, and until when that
-- counts ('': always; permit.h); since when a reset is asked for.
ALTER TABLE user ADD COLUMN hand TEXT NOT NULL DEFAULT '';
ALTER TABLE user ADD COLUMN hand_until TEXT NOT NULL DEFAULT '';
ALTER TABLE user ADD COLUMN reset_asked_at TEXT NOT NULL DEFAULT '';
