using Chat.AdminApi.Problems;
using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Chat.AdminApi.Rest.Auth;

/// <summary>
/// Finds out who calls, from the <c>Authorization: Bearer</c> header and nowhere else: no cookie, nothing in the URL.
/// A device that was signed out is refused though its token has not expired: at once on the node where that happened, and
/// elsewhere, or after a restart, within <see cref="DeviceTrust.Term"/> (P10). While the database is silent, or has too many questions
/// to answer, whoever would have to be asked about is refused at once, for now. Thread-safe.
/// </summary>
internal sealed class CallerGate(TokenVerifier tokens, DeviceTrust devices, Overload overload, TimeProvider time)
{
    private const string Scheme = "Bearer ";

    /// <summary>For how long the database is waited for where nothing says yet that it is silent: one row by its key.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly Rejection NoToken = new(
        new Failure(ErrorCode.SignInRequired, "Send the access token in the header 'Authorization: Bearer …'."));

    private static readonly Rejection Silent = new(Outage.Failure);

    private static readonly Rejection Blocked = new(
        new Failure(ErrorCode.AccountBlocked, "The account is blocked by the operator of the service: ask them why."));

    private static readonly Rejection SignedOut = Refused("This device was signed out: sign in again.");

    /// <summary>Null when the caller is known from now on (<see cref="CallerOf.Caller"/>), else why not.</summary>
    /// <exception cref="TimeoutException">The database did not answer within <see cref="Patience"/>.</exception>
    public async ValueTask<Rejection?> JudgeAsync(HttpContext http)
    {
        // Two headers are no header: which of them another hop would believe is not known.
        if (http.Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return NoToken;

        ValueTask<VerifiedToken> verified = tokens.VerifyAsync(header[Scheme.Length..].Trim());
        if (!verified.IsCompleted && overload.IsStorageSilent) return Silent; // the question is left alone
        VerifiedToken token = verified.IsCompleted ? await verified : await verified.AsTask().WaitAsync(Patience, time, http.RequestAborted);
        switch (token.Verdict)
        {
            case TokenVerdict.Expired:
                return Refused(token.Why ?? "The access token has expired: refresh it.");
            case TokenVerdict.Revoked:
                return SignedOut;
            case TokenVerdict.Blocked:
                return Blocked;
            case TokenVerdict.Valid:
                break;
            default:
                return Refused(token.Why ?? "The access token is not one of this server's, or was altered.");
        }

        Caller caller = token.Caller;
        if (!devices.Covers(caller))
        {
            if (overload.IsStorageSilent || devices.TryAskAsync(caller) is not { } answer) return Silent;
            if (!await answer.WaitAsync(Patience, time, http.RequestAborted)) return SignedOut;
            overload.NoteAnswer();
        }

        http.Features.Set(new SignedInCaller(caller));
        return null;
    }

    private static Rejection Refused(string message) => new(new Failure(ErrorCode.TokenInvalid, message)) { TokenRefused = true };
}

/// <summary>The caller of this request, as the gate found it.</summary>
internal sealed record SignedInCaller(Caller Caller);

/// <summary>How a route asks for its caller.</summary>
internal static class CallerOf
{
    /// <summary>The caller; only on routes that require one.</summary>
    public static Caller Caller(this HttpContext http) => http.Features.GetRequiredFeature<SignedInCaller>().Caller;
}
