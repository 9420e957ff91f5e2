-- min_compatible_version: 1
-- Statuses: what a person shows to their contacts for a day. An older node beside this one knows nothing of them and gives nobody their
-- files but the owner; the files that it takes for statuses are right, because posting sets when they end.

-- kind: 1 text, 2 image, 3 video. audience: 1 contacts, 2 contacts but those listed, 3 of the contacts those listed; as it was when the status
-- was posted. blob_id names the file of media and stays when the file is deleted. A status that was deleted keeps its row until its time is
-- over: a retry of its posting is answered out of it.
create table statuses (
    id bigint generated always as identity primary key,
    author_id bigint not null references principals (id),
    client_status_id uuid not null,
    kind smallint not null check (kind between 1 and 3),
    text text,
    background text,
    font smallint,
    media jsonb,
    blob_id uuid references blobs (id),
    audience smallint not null check (audience between 1 and 3),
    listed bigint[] not null default '{}',
    created_at timestamptz not null,
    expires_at timestamptz not null,
    deleted_at timestamptz,
    check ((kind = 1) = (blob_id is null))
);
-- One posts a status once, and shows a file in one.
create unique index statuses_client_status_id on statuses (author_id, client_status_id);
create unique index statuses_blob on statuses (blob_id) where blob_id is not null;
create index statuses_author on statuses (author_id, id);
create index statuses_expiry on statuses (expires_at, id);

-- Who has looked at which status, once. hidden: with read receipts off, and so nobody's to know, whatever becomes of the receipts.
create table status_views (
    status_id bigint not null references statuses (id) on delete cascade,
    viewer_id bigint not null references principals (id),
    viewed_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    hidden boolean not null,
    primary key (viewer_id, status_id)
);
create index status_views_newest on status_views (status_id, viewed_at desc, viewer_id desc);

-- For whom a person's next status is; without a row for all their contacts.
create table status_privacy (
    principal_id bigint primary key references principals (id),
    audience smallint not null check (audience between 1 and 3),
    listed bigint[] not null
);
