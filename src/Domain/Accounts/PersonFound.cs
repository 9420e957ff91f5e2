namespace Chat.Domain.Accounts;

/// <summary>What a person sees of another one whom they looked up by e-mail or phone; what is hidden from them is null.</summary>
public sealed record PersonFound(long PrincipalId, string Name, string? About, string? Avatar);
