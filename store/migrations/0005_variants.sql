-- SPDX-License-Identifier: GPL-3.0-or-later
-- More characters count as the same in a name (search_variant.c): whatever an index holds was folded before it was
-- made, so it was made anew from the texts (catalogue_open.c). A change of folding needs a migration like this one.
DROP TABLE index_anew;
