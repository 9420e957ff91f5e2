using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Storage.Accounts;
using Chat.Storage.People;

namespace Chat.Domain.Tests.Accounts;

public sealed class ProfileTests : WorldFixture
{
    private static readonly Caller Nobody = new(1L << 50, 1);

    private UpdateProfile Update => new(World.Accounts, World.Profiles, World.Limits);

    [Test, CancelAfter(20_000)]
    public async Task A_person_sees_and_renames_themselves(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync();

        Profile updated = (await Update.ExecuteAsync(anna, new ProfileChange("  Anna Ärmel 😀 ", null, null), ct)).Value;
        Profile read = (await new GetProfile(World.Accounts).ExecuteAsync(anna, ct)).Value;

        Assert.That(read.Name, Is.EqualTo("Anna Ärmel 😀"));
        Assert.That(updated, Is.EqualTo(read));
    }

    [TestCase(null)]
    [TestCase(" ")]
    [TestCase("a\0b")]
    [CancelAfter(20_000)]
    public async Task A_bad_name_is_refused(string? name, CancellationToken ct)
    {
        Caller anna = await World.PersonAsync();
        FailureAssert.Failed(await Update.ExecuteAsync(anna, new ProfileChange(name, null, null), ct), ErrorCode.InvalidArgument, "name");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_token_of_an_account_that_is_gone_asks_for_a_sign_in(CancellationToken ct)
    {
        FailureAssert.Failed(await new GetProfile(World.Accounts).ExecuteAsync(Nobody, ct), ErrorCode.SignInRequired);
        FailureAssert.Failed(await Update.ExecuteAsync(Nobody, new ProfileChange("Anna", null, null), ct), ErrorCode.SignInRequired);
    }

    [Test, CancelAfter(20_000)]
    public async Task A_person_is_found_by_exact_email_or_phone_only(CancellationToken ct)
    {
        string email = World.NewEmail();
        await World.Accounts.CreateAsync(new NewAccount("Bert", email, "+491701234567", "none"), ct);
        Caller anna = await World.PersonAsync();
        FindPerson find = new(World.Principals, World.Limits);

        Assert.That((await find.ExecuteAsync(anna, email.ToUpperInvariant(), ct)).Value.Name, Is.EqualTo("Bert"));
        Assert.That((await find.ExecuteAsync(anna, "0049 170 1234567", ct)).Value.Name, Is.EqualTo("Bert"));
        FailureAssert.Failed(await find.ExecuteAsync(anna, "x" + email, ct), ErrorCode.PrincipalNotFound, "login");
        FailureAssert.Failed(await find.ExecuteAsync(anna, "+4917012345", ct), ErrorCode.PrincipalNotFound, "login");
        FailureAssert.Failed(await find.ExecuteAsync(anna, "%@example.com\0", ct), ErrorCode.InvalidArgument, "login");
        FailureAssert.Failed(await find.ExecuteAsync(anna, null, ct), ErrorCode.InvalidArgument, "login");
    }
}
