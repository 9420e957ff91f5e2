-- min_compatible_version: 1
-- Tells this database from every other one: nodes that share a Redis put it in front of their keys and channels, so that only those
-- of one database hear each other. It stays with the database for good, and goes with a copy of it.
create table database_tag (
    only_row boolean primary key default true check (only_row),
    tag bigint not null default floor(random() * 9007199254740990)::bigint + 1
);
insert into database_tag default values;
