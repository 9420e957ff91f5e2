using Chat.Domain.Accounts;
using Chat.Domain.Accounts.Passkeys;
using Chat.Storage.Accounts;
using Chat.TestKit;

namespace Chat.Domain.Tests.Accounts.Passkeys;

/// <summary>Whom a sealed ceremony is good for, and how long.</summary>
[Parallelizable]
public sealed class PasskeyCeremoniesTests
{
    private static readonly AccountRow Ada = new(7, 1, "Ada", "ada@example.org", null, "hash", 8, 0, null, null, null, false, false, false, false);

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Who_began_it_finishes_it_on_any_node_that_has_the_key()
    {
        string begun = Make(1).SealAddition(Ada, "state");

        PasskeyCeremonies.Ceremony? opened = Make(1).TryOpenAddition(Ada, begun);
        PasskeyCeremonies.Ceremony? again = Make(1).TryOpenAddition(Ada, begun);

        Assert.That(opened?.State, Is.EqualTo("state"));
        Assert.That(again?.Hash, Is.EqualTo(opened!.Hash).And.Length.EqualTo(32));
        Assert.That(Make(2).TryOpenAddition(Ada, begun), Is.Null, "another key");
    }

    [Test]
    public void It_is_good_for_its_purpose_and_its_account_with_the_password_that_it_had()
    {
        PasskeyCeremonies ceremonies = Make(1);
        string addition = ceremonies.SealAddition(Ada, "state"), signIn = ceremonies.SealSignIn("state");

        Assert.Multiple(() =>
        {
            Assert.That(ceremonies.TryOpenAddition(Ada with { PrincipalId = 9 }, addition), Is.Null);
            Assert.That(ceremonies.TryOpenAddition(Ada with { PasswordHash = "another" }, addition), Is.Null);
            Assert.That(ceremonies.TryOpenSignIn(addition), Is.Null);
            Assert.That(ceremonies.TryOpenAddition(Ada, signIn), Is.Null);
            Assert.That(ceremonies.TryOpenSignIn(signIn)?.State, Is.EqualTo("state"));
        });
    }

    [Test]
    public void It_is_over_after_five_minutes()
    {
        PasskeyCeremonies ceremonies = Make(1);
        string begun = ceremonies.SealSignIn("state");

        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        Assert.That(ceremonies.TryOpenSignIn(begun), Is.Not.Null);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(ceremonies.TryOpenSignIn(begun), Is.Null);
    }

    [Test]
    public void One_that_was_changed_anywhere_is_none()
    {
        PasskeyCeremonies ceremonies = Make(1);
        string begun = ceremonies.SealSignIn("state");

        for (int i = 0; i < begun.Length - 1; i++)
        {
            string changed = begun[..i] + (begun[i] == 'A' ? 'B' : 'A') + begun[(i + 1)..];
            Assert.That(ceremonies.TryOpenSignIn(changed), Is.Null, $"at {i}");
        }

        Assert.That(ceremonies.TryOpenSignIn(null), Is.Null);
    }

    private PasskeyCeremonies Make(byte key) => new(new TokenOptions { SigningKey = [.. Enumerable.Repeat(key, 32)] }, _time);
}
