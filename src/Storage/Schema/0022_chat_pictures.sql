-- min_compatible_version: 1
-- Pictures of chats, which go with a chat that is deleted. There are few among all files, but each file is read once to build it: nothing is
-- uploaded meanwhile, and it is a file of its own, so that no lock on another table is held for as long.
create index blobs_chat_picture on blobs (chat_id) where purpose = 3 and state < 3;
