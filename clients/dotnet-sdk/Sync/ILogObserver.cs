using Chat.Protocol.Frames.Elements;

namespace Chat.Sdk.Sync;

/// <summary>
/// Learns what the client takes, in order and once. Called with the gate of <see cref="ChatSync"/> held: it must not block, nor call the app.
/// </summary>
internal interface ILogObserver
{
    /// <summary>An event of a chat other than the inbox was taken.</summary>
    void OnTaken(in WireEvent taken, long epoch);

    /// <summary>An event of the inbox was taken. A chat's coming and going has its own effect beside it.</summary>
    void OnInbox(in WireEvent taken);

    /// <summary>The service told a chat's present state.</summary>
    void OnChat(in WireChat chat);

    /// <summary>The principal is not in the chat any longer.</summary>
    void OnChatGone(long chatId);
}
