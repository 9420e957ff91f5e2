namespace Chat.Domain.Accounts;

/// <summary>What a person sees of another one whom they looked up by e-mail or phone.</summary>
public sealed record PersonFound(long PrincipalId, string Name);
