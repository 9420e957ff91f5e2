namespace Chat.Domain.Limits;

/// <summary>The limits in force. Whoever obeys one reads it here each time.</summary>
/// <remarks>Thread-safe; reading costs one volatile load.</remarks>
public sealed class LiveSettings(LimitSettings configured)
{
    public LimitSettings Limits => configured;
}
