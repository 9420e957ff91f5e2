namespace Chat.Domain.Accounts;

/// <summary>What a code that was sent to somebody's address is good for. The numbers are stored.</summary>
public enum CodePurpose : byte
{
    VerifyEmail = 1,
    VerifyPhone = 2,
    ResetPassword = 3,
}
