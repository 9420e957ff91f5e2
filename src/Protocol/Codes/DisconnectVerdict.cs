namespace Chat.Protocol.Codes;

/// <summary>Tells a client what to do after a close, protocol-spec.md §9.2.</summary>
public enum DisconnectVerdict : byte
{
    /// <summary>Connect again, with full jitter or after the time that <c>goodbye</c> names.</summary>
    ComeBack = 0,

    /// <summary>Connect again with a new token.</summary>
    ComeBackWithNewToken = 1,

    /// <summary>Do not connect again: the client is wrong, or the connection ended as wished.</summary>
    Stop = 2,
}
