namespace Chat.Load.Seed;

/// <summary>Who is in which chat, by places: a list of accounts for each chat.</summary>
internal static class Membership
{
    /// <summary>Each account is in one chat; neighbours are in different ones, so that senders in turn speak in all chats in turn.</summary>
    public static int[][] OneChatEach(int chats, int members) =>
        [.. Enumerable.Range(0, chats).Select(chat => Enumerable.Range(0, members).Select(member => (member * chats) + chat).ToArray())];

    /// <summary>Each account is in as many chats of the given size, each time with others.</summary>
    /// <param name="accounts">A multiple of <paramref name="members"/>.</param>
    public static int[][] ManyChatsEach(int accounts, int chatsEach, int members)
    {
        int groups = accounts / members;
        int[][] all = new int[groups * chatsEach][];
        for (int round = 0; round < chatsEach; round++)
        {
            for (int group = 0; group < groups; group++)
            {
                // One of each block, the blocks shifted against each other more in every round.
                int[] chosen = new int[members];
                for (int block = 0; block < members; block++) chosen[block] = (block * groups) + ((group + (round * block)) % groups);
                all[(round * groups) + group] = chosen;
            }
        }

        return all;
    }
}
