-- min_compatible_version: 1
-- Whose statuses a person keeps apart from the others': a property of how they keep the contact, and gone with it. An older node beside this
-- one knows nothing of it, and leaves it as it is when it changes a contact.

alter table contacts add column statuses_muted boolean not null default false;
