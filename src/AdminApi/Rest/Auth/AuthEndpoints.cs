using Chat.AdminApi.Problems;
using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Storage.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Auth;

/// <summary>Accounts and sign-in .</summary>
internal static class AuthEndpoints
{
    private const string Tag = "Account";

    public static void MapOpen(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags(Tag).LimitByAddress();
        group.MapPost("/auth/register", RegisterAsync)
            .Describe("register", "Makes an account and signs its first device in.")
            .FailsWith(ErrorCode.AccountExists, ErrorCode.RateLimited);
        group.MapPost("/auth/login", LoginAsync)
            .Describe("login", "Signs a device in by e-mail or phone and password.")
            .FailsWith(ErrorCode.SignInFailed, ErrorCode.SecondFactorRequired, ErrorCode.CodeInvalid, ErrorCode.AccountBlocked, ErrorCode.RateLimited);
        group.MapPost("/auth/refresh", RefreshAsync)
            .Describe("refresh", "Exchanges a refresh token for a fresh pair of tokens. A token used twice signs its device out.")
            .FailsWith(ErrorCode.RefreshTokenInvalid, ErrorCode.AccountBlocked, ErrorCode.RateLimited);
    }

    public static void MapSignedIn(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags(Tag);
        group.MapPost("/auth/logout", LogoutAsync).Describe("logout", "Signs this device out and cuts its connections.");
        group.MapPost("/auth/logout-everywhere", LogoutEverywhereAsync)
            .Describe("logoutEverywhere", "Signs all devices of the account out and cuts their connections.");
        group.MapGet("/user", GetUserAsync).Describe("getUser", "Reads one's own profile.");
        group.MapGet("/auth/user", GetUserAsync).Describe("getAuthUser", "Reads one's own profile; another path to getUser.");
        group.MapPut("/profile", PutProfileAsync)
            .Describe("updateProfile", "Changes one's own profile; what is left out of the body stays, an empty text clears.");
    }

    private static async Task<Results<Created<SignedInAnswer>, ProblemAnswer>> RegisterAsync(
        RegisterBody body, HttpContext http, RegisterAccount register, CancellationToken ct)
    {
        RegisterInput input = new(body.Name, body.Email, body.Phone, body.Password, body.DeviceName, AddressOf(http));
        return (await register.ExecuteAsync(input, ct)).ToCreated(done => SignedInAnswer.From(done, "Registered."), _ => "/api/user");
    }

    private static async Task<Results<Ok<SignedInAnswer>, ProblemAnswer>> LoginAsync(
        LoginBody body, HttpContext http, SignIn signIn, CancellationToken ct)
    {
        SignInInput input = new(body.Login, body.Password, body.DeviceName, AddressOf(http), body.Code);
        return (await signIn.ExecuteAsync(input, ct)).ToOk(done => SignedInAnswer.From(done, "Signed in."));
    }

    private static async Task<Results<Ok<SignedInAnswer>, ProblemAnswer>> RefreshAsync(
        RefreshBody body, RefreshSignIn refresh, CancellationToken ct) =>
        (await refresh.ExecuteAsync(body.RefreshToken, ct)).ToOk(done => SignedInAnswer.From(done, "Refreshed."));

    private static async Task<Results<NoContent, ProblemAnswer>> LogoutAsync(HttpContext http, SignOut signOut) =>
        (await signOut.ExecuteAsync(http.Caller())).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> LogoutEverywhereAsync(
        HttpContext http, SignOutEverywhere signOut) =>
        (await signOut.ExecuteAsync(http.Caller())).ToNoContent();

    private static async Task<Results<Ok<ProfileResource>, ProblemAnswer>> GetUserAsync(
        HttpContext http, GetProfile getProfile, CancellationToken ct) =>
        (await getProfile.ExecuteAsync(http.Caller(), ct)).ToOk(ProfileResource.From);

    private static async Task<Results<Ok<ProfileResource>, ProblemAnswer>> PutProfileAsync(
        ProfileBody body, HttpContext http, UpdateProfile update, CancellationToken ct) =>
        (await update.ExecuteAsync(http.Caller(), new ProfileChange(body.Name, body.About, body.Avatar), ct)).ToOk(ProfileResource.From);

    internal static string AddressOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "unknown";
}
