using System.ComponentModel.DataAnnotations;
using Chat.AdminApi.Problems;
using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Auth;

/// <summary>The second step of one's own sign-ins: codes of an authenticator app (RFC 6238), and recovery codes.</summary>
internal static class TwoStepEndpoints
{
    private static readonly ErrorCode[] Guesses = [ErrorCode.NoPassword, ErrorCode.SignInFailed, ErrorCode.CodeInvalid, ErrorCode.RateLimited, ErrorCode.Busy];

    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("Account");
        group.MapGet("/auth/two-step", GetAsync).Describe("getTwoStep", "Says whether sign-ins ask for a second step, and how many recovery codes are left.");
        group.MapPost("/auth/two-step", BeginAsync)
            .Describe("beginTwoStep", "Makes a secret for an authenticator app. Nothing is asked for before its first code is confirmed.")
            .FailsWith(ErrorCode.NoPassword, ErrorCode.SignInFailed, ErrorCode.RateLimited, ErrorCode.Busy);
        group.MapPost("/auth/two-step/confirm", ConfirmAsync)
            .Describe("confirmTwoStep", "Takes the app's first code: from now on sign-ins ask for one. The recovery codes are shown this once.")
            .FailsWith(ErrorCode.CodeInvalid);
        group.MapPost("/auth/two-step/recovery-codes", RenewAsync)
            .Describe("renewRecoveryCodes", "Voids all recovery codes and makes new ones, which are shown this once.")
            .FailsWith(Guesses);
        group.MapPost("/auth/two-step/remove", RemoveAsync)
            .Describe("removeTwoStep", "Lets sign-ins ask for the password alone again.")
            .FailsWith(Guesses);
    }

    private static async Task<Results<Ok<TwoStepResource>, ProblemAnswer>> GetAsync(HttpContext http, TwoStep twoStep, CancellationToken ct) =>
        (await twoStep.GetAsync(http.Caller(), ct)).ToOk(state => new TwoStepResource { Enabled = state.IsOn, RecoveryCodesLeft = state.RecoveryCodesLeft });

    private static async Task<Results<Ok<TwoStepSecretResource>, ProblemAnswer>> BeginAsync(
        TwoStepBeginBody body, HttpContext http, TwoStep twoStep, CancellationToken ct) =>
        (await twoStep.BeginAsync(http.Caller(), body.Password, AuthEndpoints.AddressOf(http), ct))
            .ToOk(made => new TwoStepSecretResource { Secret = made.Secret, Uri = made.Uri });

    private static async Task<Results<Ok<RecoveryCodesResource>, ProblemAnswer>> ConfirmAsync(
        TwoStepConfirmBody body, HttpContext http, TwoStep twoStep, CancellationToken ct) =>
        (await twoStep.ConfirmAsync(http.Caller(), body.Code, ct)).ToOk(RecoveryCodesResource.From);

    private static async Task<Results<Ok<RecoveryCodesResource>, ProblemAnswer>> RenewAsync(
        TwoStepProofBody body, HttpContext http, TwoStep twoStep, CancellationToken ct) =>
        (await twoStep.RenewRecoveryCodesAsync(http.Caller(), ProofOf(body, http), ct)).ToOk(RecoveryCodesResource.From);

    private static async Task<Results<NoContent, ProblemAnswer>> RemoveAsync(
        TwoStepProofBody body, HttpContext http, TwoStep twoStep, CancellationToken ct) =>
        (await twoStep.RemoveAsync(http.Caller(), ProofOf(body, http), ct)).ToNoContent();

    internal static TwoStepProof ProofOf(TwoStepProofBody body, HttpContext http) => new(body.Password, body.Code, AuthEndpoints.AddressOf(http));
}

/// <summary>A wish for a second step.</summary>
internal sealed record TwoStepBeginBody
{
    /// <summary>The password of the account.</summary>
    [Required]
    public string? Password { get; init; }
}

/// <summary>The first code of an app.</summary>
internal sealed record TwoStepConfirmBody
{
    /// <summary>What the app shows, six digits.</summary>
    [Required]
    public string? Code { get; init; }
}

/// <summary>What shows that the account's owner asks.</summary>
internal sealed record TwoStepProofBody
{
    /// <summary>The password of the account.</summary>
    [Required]
    public string? Password { get; init; }

    /// <summary>What the app shows, or a recovery code; not needed where no second step is set up.</summary>
    public string? Code { get; init; }
}

/// <summary>Whether there is a second step.</summary>
internal sealed record TwoStepResource
{
    /// <summary>Whether sign-ins ask for a code.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Recovery codes that are not used yet.</summary>
    public required int RecoveryCodesLeft { get; init; }
}

/// <summary>A secret for an authenticator app.</summary>
internal sealed record TwoStepSecretResource
{
    /// <summary>In base32, to type in.</summary>
    public required string Secret { get; init; }

    /// <summary>An otpauth URI, to show as a QR code.</summary>
    public required string Uri { get; init; }
}

/// <summary>Codes for the day on which the app is lost; each works once.</summary>
internal sealed record RecoveryCodesResource
{
    /// <summary>The codes. They are not shown again.</summary>
    public required IReadOnlyList<string> RecoveryCodes { get; init; }

    public static RecoveryCodesResource From(string[] codes) => new() { RecoveryCodes = codes };
}
