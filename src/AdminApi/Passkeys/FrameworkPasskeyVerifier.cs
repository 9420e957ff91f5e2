using Chat.Domain.Accounts.Passkeys;
using Chat.Storage.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Chat.AdminApi.Passkeys;

/// <summary>
/// Lets ASP.NET Core's own handler speak WebAuthn. It is given what it may know (<see cref="PasskeyUsers"/>), a request of nobody, so that no header
/// says which domain this is, and a counter of signatures that lets every one pass: that one is compared in the database. Thread-safe.
/// </summary>
internal sealed class FrameworkPasskeyVerifier(PasskeyOptions options) : IPasskeyVerifier
{
    private const string Required = "required";

    /// <summary>What WebAuthn names (§5.8.4, with what browsers call it besides); another text is no way to reach a passkey.</summary>
    private static readonly string[] KnownTransports = ["ble", "hybrid", "internal", "nfc", "smart-card", "usb", "cable"];

    public async Task<PasskeyChallenge> ChallengeToAddAsync(PasskeyOwner owner, IReadOnlyList<PasskeyRow> present)
    {
        PasskeyUser user = new(PasskeyUser.IdOf(owner.PrincipalId), [.. present.Select(Restore)]);
        using Attempt attempt = new(options, user);
        PasskeyUserEntity entity = new() { Id = user.Id, Name = owner.Name, DisplayName = owner.DisplayName };
        PasskeyCreationOptionsResult made = await attempt.Handler.MakeCreationOptionsAsync(entity, attempt.Http);
        return new PasskeyChallenge(made.CreationOptionsJson, made.AttestationState!);
    }

    public async Task<PasskeyChallenge> ChallengeToSignInAsync()
    {
        using Attempt attempt = new(options, null);
        PasskeyRequestOptionsResult made = await attempt.Handler.MakeRequestOptionsAsync(null, attempt.Http);
        return new PasskeyChallenge(made.RequestOptionsJson, made.AssertionState!);
    }

    public async Task<PasskeyJudgement> JudgeNewAsync(string credentialJson, string state)
    {
        using Attempt attempt = new(options, null);
        PasskeyAttestationResult result = await attempt.Handler.PerformAttestationAsync(
            new PasskeyAttestationContext { HttpContext = attempt.Http, CredentialJson = credentialJson, AttestationState = state });
        return attempt.Judge(result.Passkey);
    }

    public async Task<PasskeyJudgement> JudgeUseAsync(string credentialJson, string state, PasskeyRow known)
    {
        using Attempt attempt = new(options, new PasskeyUser(PasskeyUser.IdOf(known.PrincipalId), [Restore(known)]));
        PasskeyAssertionResult<PasskeyUser> result = await attempt.Handler.PerformAssertionAsync(
            new PasskeyAssertionContext { HttpContext = attempt.Http, CredentialJson = credentialJson, AssertionState = state });
        return attempt.Judge(result.Passkey);
    }

    private static UserPasskeyInfo Restore(PasskeyRow row) => new(
        row.CredentialId,
        row.PublicKey,
        DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAtMs),
        signCount: 0,
        row.Transports.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        isUserVerified: true,
        row.IsBackupEligible,
        row.IsBackedUp,
        attestationObject: [],
        clientDataJson: []);

    private static IdentityPasskeyOptions Rules(PasskeyOptions options, Func<PasskeyOriginValidationContext, ValueTask<bool>> judgeOrigin) => new()
    {
        ServerDomain = options.ServerDomain,
        AuthenticatorTimeout = PasskeyCeremonies.Lifetime,
        UserVerificationRequirement = Required,
        ResidentKeyRequirement = Required,
        AttestationConveyancePreference = "none",
        ValidateOrigin = judgeOrigin,
    };

    /// <summary>One use of the handler, and the origin that it was asked about.</summary>
    private sealed class Attempt : IDisposable
    {
        private const int MaxShownChars = 200;

        private readonly PasskeyOptions _options;
        private readonly UserManager<PasskeyUser> _users;
        private string? _foreignOrigin;

        public Attempt(PasskeyOptions options, PasskeyUser? user)
        {
            _options = options;
            _users = new UserManager<PasskeyUser>(
                new PasskeyUsers(user), null!, null!, [], [], null!, null!, null!, NullLogger<UserManager<PasskeyUser>>.Instance);
            Handler = new PasskeyHandler<PasskeyUser>(_users, Options.Create(Rules(options, JudgeOriginAsync)));
        }

        public PasskeyHandler<PasskeyUser> Handler { get; }

        public HttpContext Http { get; } = new DefaultHttpContext();

        /// <summary>That the page is another's is told to who signed rightly there: to anybody else it would tell that there is such a passkey.</summary>
        public PasskeyJudgement Judge(UserPasskeyInfo? passkey)
        {
            if (passkey is null) return new PasskeyJudgement(null);
            if (_foreignOrigin is not null) return new PasskeyJudgement(null, _foreignOrigin);
            return new PasskeyJudgement(new ProvenPasskey(
                passkey.CredentialId,
                passkey.PublicKey,
                passkey.SignCount,
                [.. KnownTransports.Intersect(passkey.Transports ?? [], StringComparer.Ordinal)],
                passkey.IsBackupEligible,
                passkey.IsBackedUp));
        }

        public void Dispose() => _users.Dispose();

        /// <summary>
        /// Nobody's page frames ours: what was signed within a frame of another's was signed for that one. The handler asks before it looks at the
        /// signature, so it is let go on, and <see cref="Judge"/> refuses.
        /// </summary>
        private ValueTask<bool> JudgeOriginAsync(PasskeyOriginValidationContext context)
        {
            string origin = context.CrossOrigin ? context.TopOrigin ?? context.Origin : context.Origin;
            bool isOurs = !context.CrossOrigin && _options.Allows(origin);
            if (!isOurs) _foreignOrigin = origin.Length <= MaxShownChars ? origin : origin[..MaxShownChars] + "…";
            return ValueTask.FromResult(true);
        }
    }
}
