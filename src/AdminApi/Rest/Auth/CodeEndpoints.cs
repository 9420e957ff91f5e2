using System.ComponentModel.DataAnnotations;
using Chat.AdminApi.Problems;
using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Auth;

/// <summary>Codes that are sent to people's addresses: to verify them, and to choose a new password .</summary>
internal static class CodeEndpoints
{
    public static void MapOpen(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Account").LimitByAddress();
        group.MapPost("/auth/password/forgot", Forgot)
            .Describe("forgotPassword", "Sends a code for a new password to the e-mail address or phone number, if an account has it. Whether one has is not said.")
            .FailsWith(ErrorCode.RateLimited, ErrorCode.Busy, ErrorCode.NotConfigured);
        group.MapPost("/auth/password/reset", ResetAsync)
            .Describe("resetPassword", "Sets a new password with the code, and signs all devices out.")
            .FailsWith(ErrorCode.CodeInvalid, ErrorCode.AccountBlocked, ErrorCode.RateLimited, ErrorCode.Busy);
    }

    public static void MapSignedIn(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Account");
        group.MapPost("/auth/verification", SendAsync)
            .Describe("sendVerification", "Sends a code to one's own e-mail address or phone number. The code before it is void.")
            .FailsWith(ErrorCode.NoPassword, ErrorCode.RateLimited, ErrorCode.Busy, ErrorCode.NotConfigured);
        group.MapPost("/auth/verification/confirm", ConfirmAsync)
            .Describe("confirmVerification", "Takes the code back: the address is verified.")
            .FailsWith(ErrorCode.CodeInvalid);
    }

    private static Results<NoContent, ProblemAnswer> Forgot(ForgotBody body, HttpContext http, ForgottenPassword forgotten) =>
        forgotten.Request(body.Login, AuthEndpoints.AddressOf(http)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> ResetAsync(
        ResetBody body, HttpContext http, ForgottenPassword forgotten, CancellationToken ct) =>
        (await forgotten.ResetAsync(body.Login, body.Code, body.NewPassword, AuthEndpoints.AddressOf(http), ct)).ToNoContent();

    private static async Task<Results<Ok<CodeSentResource>, ProblemAnswer>> SendAsync(
        VerificationBody body, HttpContext http, VerifyAddress verify, CancellationToken ct) =>
        (await verify.SendAsync(http.Caller(), body.Channel, ct)).ToOk(sent => new CodeSentResource { To = sent.To });

    private static async Task<Results<NoContent, ProblemAnswer>> ConfirmAsync(
        ConfirmationBody body, HttpContext http, VerifyAddress verify, CancellationToken ct) =>
        (await verify.ConfirmAsync(http.Caller(), body.Channel, body.Code, ct)).ToNoContent();
}

/// <summary>A wish for a code for a new password.</summary>
internal sealed record ForgotBody
{
    /// <summary>E-mail address or phone number of the account; the code is sent there.</summary>
    [Required]
    public string? Login { get; init; }
}

/// <summary>A new password, with the code that was sent.</summary>
internal sealed record ResetBody
{
    /// <summary>The e-mail address or phone number to which the code was sent.</summary>
    [Required]
    public string? Login { get; init; }

    /// <summary>The code, eight digits; blanks and dashes do not count.</summary>
    [Required]
    public string? Code { get; init; }

    /// <summary>The new password, 8 to 256 characters.</summary>
    [Required]
    public string? NewPassword { get; init; }
}

/// <summary>A wish for a code to one's own address.</summary>
internal sealed record VerificationBody
{
    /// <summary>"email" or "phone".</summary>
    [Required]
    public string? Channel { get; init; }
}

/// <summary>A code that came to one's own address.</summary>
internal sealed record ConfirmationBody
{
    /// <summary>"email" or "phone", as it was asked for.</summary>
    [Required]
    public string? Channel { get; init; }

    /// <summary>The code, eight digits; blanks and dashes do not count.</summary>
    [Required]
    public string? Code { get; init; }
}

/// <summary>Where a code went.</summary>
internal sealed record CodeSentResource
{
    /// <summary>The address, mostly hidden, e.g. "a…@example.org".</summary>
    public required string To { get; init; }
}
