namespace Chat.Domain.Accounts;

/// <summary>What a person sees of their own account.</summary>
public sealed record Profile(long PrincipalId, string Name, string? Email, string? Phone, long CreatedAtMs);
