namespace Chat.Domain.Accounts;

/// <summary>What someone sends who wants an account. E-mail or phone, or both.</summary>
public sealed record RegisterInput(
    string? Name, string? Email, string? Phone, string? Password, string? DeviceName, string RemoteAddress)
{
    public override string ToString() => $"RegisterInput {{ RemoteAddress = {RemoteAddress} }}";
}
