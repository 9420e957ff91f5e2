using Chat.Domain.Accounts;
using Chat.Domain.Accounts.Issuers;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Domain.Tests.Accounts.Issuers;

/// <summary>What becomes of a genuine token of an issuer (ADR 0040): an account, a device, a name; on two nodes that hear nothing of each other.</summary>
[CancelAfter(30_000)]
public sealed class IssuedAccountsTests : WorldFixture
{
    private static int _people;

    private IssuingApp _shop = null!, _desk = null!;
    private Node _one = null!, _other = null!;

    [OneTimeSetUp]
    public void StartNodes()
    {
        (_shop, _desk) = (new IssuingApp("shop", World.Time), new IssuingApp("desk", World.Time));
        (_one, _other) = (new Node(World, _shop, _desk), new Node(World, _shop, _desk));
    }

    [OneTimeTearDown]
    public void CloseApps()
    {
        _shop.Dispose();
        _desk.Dispose();
    }

    [Test]
    public async Task The_first_token_makes_an_account_and_every_further_one_finds_it(CancellationToken ct)
    {
        string subject = NewSubject();

        VerifiedToken first = await _one.VerifyAsync(_shop.Mint(subject, "phone", "Ada"));
        VerifiedToken again = await _one.VerifyAsync(_shop.Mint(subject, "phone", "Ada"));
        VerifiedToken there = await _other.VerifyAsync(_shop.Mint(subject, "phone", "Ada"));
        VerifiedToken tablet = await _other.VerifyAsync(_shop.Mint(subject, "tablet", "Ada"));

        Assert.That(first.Verdict, Is.EqualTo(TokenVerdict.Valid));
        Assert.That((again.Caller, there.Caller), Is.EqualTo((first.Caller, first.Caller)));
        Assert.That(tablet.Caller.PrincipalId, Is.EqualTo(first.Caller.PrincipalId));
        Assert.That(tablet.Caller.DeviceId, Is.Not.EqualTo(first.Caller.DeviceId));
        AccountRow account = (await World.Accounts.FindAsync(first.Caller.PrincipalId, ct))!;
        Assert.That((account.Name, account.Email, account.Phone, account.HasPassword), Is.EqualTo(("Ada", (string?)null, (string?)null, false)));
        DevicePage devices = await World.Devices.ListAsync(first.Caller.PrincipalId, long.MaxValue, 10, ct);
        Assert.That(devices.Devices.Select(device => device.Name), Is.EqualTo(new[] { "shop", "shop" }));
        Assert.That(World.Events.Committed.Count(row => row.Kind == EventKinds.SignedIn && row.SenderId == first.Caller.PrincipalId), Is.EqualTo(1), "of the second device");
    }

    [Test]
    public async Task Many_first_uses_at_once_on_two_nodes_make_one_account_and_one_device_each()
    {
        string subject = NewSubject();
        Node[] nodes = [_one, _other, new Node(World, _shop, _desk), new Node(World, _shop, _desk)];

        VerifiedToken[] tokens = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            await Task.Yield();
            Dictionary<string, object?> claims = _shop.Claims(subject, i % 2 == 0 ? "phone" : "tablet");
            claims["exp"] = (long)claims["exp"]! + i; // tokens of their own
            return await nodes[i % 4].VerifyAsync(_shop.SignHs256(claims));
        }));

        Assert.That(tokens, Has.All.Matches<VerifiedToken>(token => token.Verdict == TokenVerdict.Valid));
        Assert.That(tokens.Select(token => token.Caller.PrincipalId).Distinct().Count(), Is.EqualTo(1));
        Assert.That(tokens.Select(token => token.Caller.DeviceId).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task The_same_subject_of_two_issuers_is_two_people_and_case_makes_another()
    {
        string subject = NewSubject();

        long[] ids =
        [
            (await _one.VerifyAsync(_shop.Mint(subject))).Caller.PrincipalId,
            (await _one.VerifyAsync(_desk.Mint(subject))).Caller.PrincipalId,
            (await _one.VerifyAsync(_shop.Mint(subject.ToUpperInvariant()))).Caller.PrincipalId,
            (await _one.VerifyAsync(_shop.Mint(subject + " "))).Caller.PrincipalId,
        ];

        Assert.That(ids, Is.Unique.And.All.GreaterThan(0));
    }

    [Test]
    public async Task A_name_follows_the_newest_token_when_that_changes_and_else_is_the_persons(CancellationToken ct)
    {
        string subject = NewSubject();
        Caller ada = (await _one.VerifyAsync(_shop.Mint(subject))).Caller;
        Assert.That(await NameAsync(ada, ct), Is.EqualTo(subject), "no name was given");

        Assert.That(await NameAfterAsync(1, "Ada"), Is.EqualTo("Ada"));
        await World.Profiles.UpdateAsync(ada.PrincipalId, new Storage.People.ProfileChange("Countess", null, null), ct);
        Assert.That(await NameAfterAsync(2, "Ada"), Is.EqualTo("Countess"), "the app says nothing new");
        Assert.That(await NameAfterAsync(3, null), Is.EqualTo("Countess"));
        Assert.That(await NameAfterAsync(5, "Ada L."), Is.EqualTo("Ada L."));
        Assert.That(await NameAfterAsync(4, "Ada"), Is.EqualTo("Ada L."), "an older token");
        Assert.That(await NameAfterAsync(4, "Ada", _other), Is.EqualTo("Ada L."), "an older token on another node");
        Assert.That(World.Events.Committed.Count(row => row.Kind == EventKinds.ProfileChanged && row.SenderId == ada.PrincipalId), Is.EqualTo(3));

        async Task<string> NameAfterAsync(int seconds, string? name, Node? node = null)
        {
            Dictionary<string, object?> claims = _shop.Claims(subject, "web", name);
            claims["iat"] = (long)claims["iat"]! + seconds;
            Assert.That((await (node ?? _one).VerifyAsync(_shop.SignHs256(claims))).Caller, Is.EqualTo(ada));
            return await NameAsync(ada, ct);
        }
    }

    [Test]
    public async Task A_device_that_is_signed_out_stays_so_and_another_sign_in_at_the_app_is_another_device()
    {
        string subject = NewSubject();
        Caller phone = (await _one.VerifyAsync(_shop.Mint(subject, "phone"))).Caller;
        await _other.VerifyAsync(_shop.Mint(subject, "phone"));

        await _one.SignOut.ExecuteAsync(phone);

        Assert.That((await _one.VerifyAsync(_shop.Mint(subject, "phone"))).Verdict, Is.EqualTo(TokenVerdict.Revoked));
        Assert.That(_one.Sessions.Disconnected, Has.Some.EqualTo((phone.PrincipalId, phone.DeviceId, DisconnectCode.SessionRevoked)));
        Assert.That((await new Node(World, _shop, _desk).VerifyAsync(_shop.Mint(subject, "phone"))).Verdict, Is.EqualTo(TokenVerdict.Revoked), "after a restart");
        Dictionary<string, object?> newer = _shop.Claims(subject, "phone");
        newer["iat"] = (long)newer["iat"]! + 30;
        Assert.That((await _other.VerifyAsync(_shop.SignHs256(newer))).Verdict, Is.EqualTo(TokenVerdict.Revoked), "a newer token, where nothing was heard");
        VerifiedToken tablet = await _one.VerifyAsync(_shop.Mint(subject, "tablet"));
        Assert.That((tablet.Verdict, tablet.Caller.PrincipalId), Is.EqualTo((TokenVerdict.Valid, phone.PrincipalId)));
    }

    [Test]
    public async Task An_operator_blocks_an_account_of_an_issuer_by_its_name_there(CancellationToken ct)
    {
        string subject = NewSubject();
        Caller phone = (await _one.VerifyAsync(_shop.Mint(subject, "phone"))).Caller;
        OperateAccount operate = new(new OperatorStore(World.Source), World.Hasher, new InMemoryBus().Join());

        Result<OperatorView> shown = await operate.ShowAsync($"shop:{subject}", ct);
        Result<OperatorOutcome> blocked = await operate.BlockAsync($"shop:{subject}", "spam", "root", ct);

        Assert.That((shown.Value.PrincipalId, shown.Value.Issuer, shown.Value.Devices), Is.EqualTo((phone.PrincipalId, "shop", 1)));
        Assert.That(blocked.Value.SignedOut, Is.EqualTo(new[] { phone.DeviceId }));
        Assert.That((await _one.VerifyAsync(_shop.Mint(subject, "laptop"))).Verdict, Is.EqualTo(TokenVerdict.Blocked), "a device that nobody saw before");
        Assert.That((await new Node(World, _shop, _desk).VerifyAsync(_shop.Mint(subject, "phone"))).Verdict, Is.EqualTo(TokenVerdict.Blocked));
        FailureAssert.Failed(await operate.ResetPasswordAsync($"shop:{subject}", new NewPassword("correct horse battery"), "root", ct), ErrorCode.NoPassword);
        FailureAssert.Failed(await operate.ShowAsync($"desk:{subject}", ct), ErrorCode.PrincipalNotFound, "login");

        Assert.That((await operate.UnblockAsync($"shop:{subject}", "root", ct)).Value.Changed);
        Assert.That((await _one.VerifyAsync(_shop.Mint(subject, "laptop"))).Verdict, Is.EqualTo(TokenVerdict.Valid));
        Assert.That((await _one.VerifyAsync(_shop.Mint(subject, "phone"))).Verdict, Is.Not.EqualTo(TokenVerdict.Blocked));
    }

    [Test]
    public async Task People_of_one_issuer_find_each_other_by_subject_and_nobody_else_does(CancellationToken ct)
    {
        string subject = NewSubject();
        Caller ada = (await _one.VerifyAsync(_shop.Mint(subject, name: "Ada"))).Caller;
        Caller ben = (await _one.VerifyAsync(_shop.Mint(NewSubject()))).Caller, other = (await _one.VerifyAsync(_desk.Mint(subject))).Caller;
        Caller own = await World.PersonAsync("Own");
        FindPerson find = new(World.Principals, World.Limits);

        Result<PersonFound> found = await find.ExecuteAsync(ben, $"shop:{subject}", ct);

        Assert.That((found.Value.PrincipalId, found.Value.Name), Is.EqualTo((ada.PrincipalId, "Ada")));
        FailureAssert.Failed(await find.ExecuteAsync(other, $"shop:{subject}", ct), ErrorCode.PrincipalNotFound, "login");
        FailureAssert.Failed(await find.ExecuteAsync(own, $"shop:{subject}", ct), ErrorCode.PrincipalNotFound, "login");
        FailureAssert.Failed(await find.ExecuteAsync(ben, $"desk:{subject}", ct), ErrorCode.PrincipalNotFound, "login");
        FailureAssert.Failed(await find.ExecuteAsync(ben, "shop:nobody", ct), ErrorCode.PrincipalNotFound, "login");
        FailureAssert.Failed(await find.ExecuteAsync(ben, "shop:", ct), ErrorCode.InvalidArgument, "login");
        FailureAssert.Failed(await find.ExecuteAsync(ben, "shop:" + new string('x', 129), ct), ErrorCode.InvalidArgument, "login");
    }

    [Test]
    public async Task Lookups_by_subject_are_limited_as_any_are(CancellationToken ct)
    {
        Caller ben = (await _one.VerifyAsync(_shop.Mint(NewSubject()))).Caller;
        RequestLimits limits = new(new LiveSettings(new LimitSettings { LookupsPerSecond = 1, LookupsBurst = 3 }), World.Load, World.Fanout, World.Time);
        FindPerson find = new(World.Principals, limits);

        for (int i = 0; i < 3; i++) FailureAssert.Failed(await find.ExecuteAsync(ben, "shop:nobody", ct), ErrorCode.PrincipalNotFound, "login");

        Assert.That((await find.ExecuteAsync(ben, "shop:nobody", ct)).Failure!.Code, Is.EqualTo(ErrorCode.RateLimited));
    }

    [Test]
    public async Task What_needs_a_password_says_that_there_is_none(CancellationToken ct)
    {
        Caller ada = (await _one.VerifyAsync(_shop.Mint(NewSubject()))).Caller;
        DeviceRevocation revocation = new(World.Tokens, World.Sessions, new InMemoryBus().Join());
        PasswordCheck passwords = new(World.Hasher, World.Throttle);
        ChangePassword change = new(World.Accounts, World.Hasher, passwords, World.Throttle, revocation);
        TwoStepStore steps = new(World.Source);
        TwoStepSecrets secrets = new(World.TokenOptions);
        TwoStepCheck check = new(steps, secrets, World.Time);
        TwoStep twoStep = new(steps, secrets, check, new TwoStepOwner(World.Accounts, passwords, check, World.Throttle), World.TokenOptions);

        foreach (string guess in (string[])["!", "a password"])
        {
            FailureAssert.Failed(await change.ExecuteAsync(ada, guess, "a good new password", "192.0.2.9", ct), ErrorCode.NoPassword);
            FailureAssert.Failed(await twoStep.BeginAsync(ada, guess, "192.0.2.9", ct), ErrorCode.NoPassword);
            FailureAssert.Failed(await twoStep.RemoveAsync(ada, new TwoStepProof(guess, null, "192.0.2.9"), ct), ErrorCode.NoPassword);
        }
    }

    private static string NewSubject() => $"user-{Interlocked.Increment(ref _people)}";

    private async Task<string> NameAsync(Caller caller, CancellationToken ct) => (await World.Accounts.FindAsync(caller.PrincipalId, ct))!.Name;

    /// <summary>What a node has of its own: its memory of accounts and of signed-out devices.</summary>
    private sealed class Node
    {
        private readonly TokenVerifier _verifier;

        public Node(World world, IssuingApp shop, IssuingApp desk)
        {
            AccessTokens own = new(world.TokenOptions, world.Time);
            IssuersOptions issuers = new()
            {
                ByName = new[] { shop, desk }.ToDictionary(app => app.Name, app => new IssuerOptions { Algorithm = IssuerAlgorithm.HS256, SecretKey = app.Secret }),
            };
            IssuedAccountStore store = new(world.Source, world.Events);
            DeviceSignIn devices = new(world.Devices, own, world.TokenOptions, world.Time, NullLogger<DeviceSignIn>.Instance);
            _verifier = new TokenVerifier(
                own, new IssuedTokens(issuers, world.TokenOptions, world.Time), new IssuedAccounts(
                store, new IssuedAccountReads(store, NullLogger<IssuedAccountReads>.Instance), devices, NullLogger<IssuedAccounts>.Instance));
            SignOut = new SignOut(world.Devices, new DeviceRevocation(own, Sessions, new InMemoryBus().Join()));
        }

        public RecordingSessions Sessions { get; } = new();

        public SignOut SignOut { get; }

        public Task<VerifiedToken> VerifyAsync(string token) => _verifier.VerifyAsync(token).AsTask();
    }
}
