using Chat.AdminApi.Problems;
using Chat.Domain.Accounts.Passkeys;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Auth;

/// <summary>Passkeys: one's own, and signing in with one.</summary>
internal static class PasskeyEndpoints
{
    private const string Tag = "Account";

    public static void MapOpen(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/auth/passkey-sign-in").WithTags(Tag).LimitByAddress();
        group.MapPost("/options", BeginSignInAsync)
            .Describe("beginPasskeySignIn", "Makes what a passkey signs to sign in. It names no passkeys: nobody learns which accounts there are.")
            .FailsWith(ErrorCode.NotConfigured, ErrorCode.RateLimited);
        group.MapPost("", SignInAsync)
            .Describe("passkeySignIn", "Signs a device in by a passkey, which stands for the password and for the code of a second step.")
            .FailsWith(
                ErrorCode.PasskeyRefused, ErrorCode.PasskeyCeremonyOver, ErrorCode.PasskeyOriginRefused, ErrorCode.AccountBlocked, ErrorCode.RateLimited);
    }

    public static void MapSignedIn(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/auth/passkeys").WithTags(Tag);
        group.MapPost("/options", BeginAsync)
            .Describe("beginPasskey", "Makes what a new passkey signs to be added. Asks for the password, and for the code where there is a second step.")
            .FailsWith(ErrorCode.NoPassword, ErrorCode.SignInFailed, ErrorCode.CodeInvalid, ErrorCode.NotConfigured, ErrorCode.RateLimited, ErrorCode.Busy);
        group.MapPost("", AddAsync)
            .Describe("addPasskey", "Adds the passkey that was made. The same again, when the answer was lost, has the same answer.")
            .FailsWith(
                ErrorCode.PasskeyRefused, ErrorCode.PasskeyCeremonyOver, ErrorCode.PasskeyOriginRefused, ErrorCode.AccountBlocked, ErrorCode.RateLimited);
        group.MapGet("", ListAsync)
            .Describe("listPasskeys", "Lists one's own passkeys, the oldest first. There are at most ten, so there is no next page.")
            .FailsWith(ErrorCode.RateLimited, ErrorCode.Busy);
        group.MapPatch("/{passkeyId}", RenameAsync)
            .Describe("renamePasskey", "Gives one's own passkey another name.")
            .FailsWith(ErrorCode.PasskeyNotFound, ErrorCode.RateLimited);
        group.MapPost("/{passkeyId}/remove", RemoveAsync)
            .Describe("removePasskey", "Removes one's own passkey: nobody signs in with it any more. One that is not there stays so.")
            .FailsWith(ErrorCode.NoPassword, ErrorCode.SignInFailed, ErrorCode.CodeInvalid, ErrorCode.RateLimited, ErrorCode.Busy);
    }

    private static async Task<Results<Ok<PasskeyCeremonyResource>, ProblemAnswer>> BeginSignInAsync(PasskeySignIn signIn) =>
        (await signIn.BeginAsync()).ToOk(PasskeyCeremonyResource.From);

    private static async Task<Results<Ok<SignedInAnswer>, ProblemAnswer>> SignInAsync(
        PasskeySignInBody body, HttpContext http, PasskeySignIn signIn, CancellationToken ct)
    {
        PasskeySignInInput input = new(body.Ceremony, body.Credential, body.DeviceName, AuthEndpoints.AddressOf(http));
        return (await signIn.ExecuteAsync(input, ct)).ToOk(done => SignedInAnswer.From(done, "Signed in."));
    }

    private static async Task<Results<Ok<PasskeyCeremonyResource>, ProblemAnswer>> BeginAsync(
        TwoStepProofBody body, HttpContext http, AddPasskey add, CancellationToken ct) =>
        (await add.BeginAsync(http.Caller(), TwoStepEndpoints.ProofOf(body, http), ct)).ToOk(PasskeyCeremonyResource.From);

    private static async Task<Results<Created<PasskeyResource>, ProblemAnswer>> AddAsync(
        NewPasskeyBody body, HttpContext http, AddPasskey add, CancellationToken ct) =>
        (await add.FinishAsync(http.Caller(), body.Ceremony, body.Credential, body.Name, ct)).ToCreated(PasskeyResource.From, _ => "/api/auth/passkeys");

    private static async Task<Results<Ok<Page<PasskeyResource>>, ProblemAnswer>> ListAsync(HttpContext http, OwnPasskeys own, CancellationToken ct) =>
        (await own.ListAsync(http.Caller(), ct)).ToOk(found => new Page<PasskeyResource> { Items = [.. found.Select(PasskeyResource.From)] });

    private static async Task<Results<Ok<PasskeyResource>, ProblemAnswer>> RenameAsync(
        WholeNumber passkeyId, PasskeyNameBody body, HttpContext http, OwnPasskeys own, CancellationToken ct) =>
        (await own.RenameAsync(http.Caller(), passkeyId.Value, body.Name, ct)).ToOk(PasskeyResource.From);

    private static async Task<Results<NoContent, ProblemAnswer>> RemoveAsync(
        WholeNumber passkeyId, TwoStepProofBody body, HttpContext http, OwnPasskeys own, CancellationToken ct) =>
        (await own.RemoveAsync(http.Caller(), passkeyId.Value, TwoStepEndpoints.ProofOf(body, http), ct)).ToNoContent();
}
