namespace Chat.Load.Seed;

/// <summary>A principal with a token, ready to say hello.</summary>
internal sealed record LoadAccount(long PrincipalId, string Token);

/// <summary>A group and its members, by their places in the list of accounts.</summary>
/// <param name="Head">Its newest sequence: whoever is a member holds everything up to it.</param>
internal sealed record LoadChat(long ChatId, long Epoch, long Head, IReadOnlyList<int> Members);

/// <summary>What a scenario runs on.</summary>
internal sealed record SeededChats(LoadAccount[] Accounts, LoadChat[] Chats);
