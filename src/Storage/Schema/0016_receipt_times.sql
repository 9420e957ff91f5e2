-- min_compatible_version: 1
-- When members were delivered and read what (ADR 0031). An older node beside this one writes no times; the watermarks themselves are in members.

-- One row for each minute (since the Unix epoch) in which a member's watermarks moved: where they stood before, and after the last move
-- in it. An event above "before" and up to "after" was delivered, or read, in that minute, and that is known for sure only so: what a node
-- lost, or did not keep, leaves a hole between two rows. No watermark is in an index and pages have room, so that the writes of one minute
-- stay on their page: at 70 % nearly all of them do, at the size that they would have at 85.
create table receipt_minutes (
    chat_id bigint not null,
    principal_id bigint not null,
    minute integer not null,
    delivered_before bigint not null,
    delivered bigint not null,
    read_before bigint not null,
    read bigint not null,
    primary key (chat_id, principal_id, minute)
) with (fillfactor = 70);

-- What the retention deletes. Rows come in the order of their minutes, so it grows at one end, is worn at the other, and folds equal keys;
-- a BRIN index would keep the oldest minute that a block ever had, and after one retention every block would look old.
create index receipt_minutes_minute on receipt_minutes (minute);
