namespace Chat.Domain.Accounts;

/// <summary>What someone sends who signs in. The login is an e-mail address or a phone number .</summary>
/// <param name="Code">Of the second step, where the account has one.</param>
public sealed record SignInInput(string? Login, string? Password, string? DeviceName, string RemoteAddress, string? Code = null)
{
    public override string ToString() => $"SignInInput {{ RemoteAddress = {RemoteAddress} }}";
}
