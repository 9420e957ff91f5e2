using Chat.Protocol.Frames.Elements;

namespace Chat.Sdk.Sync;

/// <summary>
/// Learns what the client takes, in order and once. Called with the gate of <see cref="ChatSync"/> held: it must not block, nor call the app.
/// </summary>
internal interface ILogObserver
{
    /// <summary>An event of a chat other than the inbox was taken.</summary>
    void OnTaken(in WireEvent taken, long epoch);

    /// <summary>The inbox told something that concerns no chat.</summary>
    void OnInbox(in WireEvent told);

    /// <summary>The service told a chat's present state.</summary>
    void OnChat(in WireChat chat);

    /// <summary>The principal is not in the chat any longer.</summary>
    void OnChatGone(long chatId);
}
