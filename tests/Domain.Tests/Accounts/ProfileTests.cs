using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Storage.Accounts;

namespace Chat.Domain.Tests.Accounts;

public sealed class ProfileTests : WorldFixture
{
    private static readonly Caller Nobody = new(1L << 50, 1);

    [Test, CancelAfter(20_000)]
    public async Task A_person_sees_and_renames_themselves(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync();

        Profile updated = (await new UpdateProfile(World.Accounts).ExecuteAsync(anna, "  Anna Ärmel 😀 ", ct)).Value;
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
        FailureAssert.Failed(await new UpdateProfile(World.Accounts).ExecuteAsync(anna, name, ct), ErrorCode.InvalidArgument, "name");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_token_of_an_account_that_is_gone_asks_for_a_sign_in(CancellationToken ct)
    {
        FailureAssert.Failed(await new GetProfile(World.Accounts).ExecuteAsync(Nobody, ct), ErrorCode.SignInRequired);
        FailureAssert.Failed(await new UpdateProfile(World.Accounts).ExecuteAsync(Nobody, "Anna", ct), ErrorCode.SignInRequired);
    }

    [Test, CancelAfter(20_000)]
    public async Task A_person_is_found_by_exact_email_or_phone_only(CancellationToken ct)
    {
        string email = World.NewEmail();
        await World.Accounts.CreateAsync(new NewAccount("Bert", email, "+491701234567", "none"), ct);
        FindPerson find = new(World.Principals);

        Assert.That((await find.ExecuteAsync(email.ToUpperInvariant(), ct)).Value.Name, Is.EqualTo("Bert"));
        Assert.That((await find.ExecuteAsync("0049 170 1234567", ct)).Value.Name, Is.EqualTo("Bert"));
        FailureAssert.Failed(await find.ExecuteAsync("x" + email, ct), ErrorCode.PrincipalNotFound, "login");
        FailureAssert.Failed(await find.ExecuteAsync("+4917012345", ct), ErrorCode.PrincipalNotFound, "login");
        FailureAssert.Failed(await find.ExecuteAsync("%@example.com\0", ct), ErrorCode.InvalidArgument, "login");
        FailureAssert.Failed(await find.ExecuteAsync(null, ct), ErrorCode.InvalidArgument, "login");
    }
}
