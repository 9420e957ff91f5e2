using Chat.Protocol.Codes;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>Proves that the e-mail address or phone number of the caller's account is theirs, by a code that is sent there .</summary>
public sealed class VerifyAddress(AccountStore accounts, AccountCodeStore store, AccountCodes codes, CodeSender sender)
{
    /// <summary>Sends a code. One that was sent before is void.</summary>
    /// <param name="caller">Whose account.</param>
    /// <param name="channel"><c>email</c> or <c>phone</c>.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Where it was sent, mostly hidden.</returns>
    public async Task<Result<CodeSent>> SendAsync(Caller caller, string? channel, CancellationToken ct)
    {
        if (Judge(channel, out CodePurpose purpose) is { } wrong) return wrong;
        if (sender.FindFault(purpose == CodePurpose.VerifyEmail) is { } fault) return fault;
        if (await accounts.FindAsync(caller.PrincipalId, ct) is not { } account) return Failures.AccountIsGone();
        if (!account.HasPassword) return Failures.NoPassword();
        if (TargetOf(account, purpose) is not { } target)
            return Failures.Invalid("channel", $"The account has no {channel}: choose the other one.");
        if (await codes.IssueAsync(account, purpose, target, ct) is { } failure) return failure;
        return new CodeSent(Hidden(target));
    }

    /// <summary>Takes the code back. Of what is verified already any code will do: a repeat finds it done.</summary>
    public async Task<Result<Done>> ConfirmAsync(Caller caller, string? channel, string? code, CancellationToken ct)
    {
        if (Judge(channel, out CodePurpose purpose) is { } wrong) return wrong;
        if (await accounts.FindAsync(caller.PrincipalId, ct) is not { } account) return Failures.AccountIsGone();

        Result<SpentCode> guessed = await codes.GuessAsync(caller.PrincipalId, purpose, code, ct);
        bool isVerified = purpose == CodePurpose.VerifyEmail ? account.IsEmailVerified : account.IsPhoneVerified;
        if (!guessed.IsOk) return isVerified && guessed.Failure.Code == ErrorCode.CodeInvalid ? Done.Value : guessed.Failure;
        return await store.TakeAsync(guessed.Value, ct) || isVerified ? Done.Value : AccountCodes.Wrong();
    }

    private static string? TargetOf(AccountRow account, CodePurpose purpose) => purpose == CodePurpose.VerifyEmail ? account.Email : account.Phone;

    private static Failure? Judge(string? channel, out CodePurpose purpose)
    {
        purpose = channel == "phone" ? CodePurpose.VerifyPhone : CodePurpose.VerifyEmail;
        return channel is "email" or "phone" ? null : Failures.Invalid("channel", "channel is missing or unknown: send email or phone.");
    }

    /// <summary>Enough to recognise it by: whoever holds a device of the account need not learn the address.</summary>
    private static string Hidden(string target)
    {
        int at = target.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? $"{target[..3]}…{target[^2..]}" : $"{target[..1]}…{target[at..]}";
    }
}

/// <param name="To">Where the code went, mostly hidden.</param>
public sealed record CodeSent(string To);
