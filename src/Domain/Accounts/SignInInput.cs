namespace Chat.Domain.Accounts;

/// <summary>What someone sends who signs in. The login is an e-mail address or a phone number .</summary>
public sealed record SignInInput(string? Login, string? Password, string? DeviceName, string RemoteAddress)
{
    public override string ToString() => $"SignInInput {{ RemoteAddress = {RemoteAddress} }}";
}
