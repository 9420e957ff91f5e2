using Chat.Domain.Accounts;
using Chat.Domain.Limits;
using Chat.Domain.People;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.People;

namespace Chat.Domain.Tests.People;

public sealed class ContactTests : WorldFixture
{
    private PutContact Put => new(World.Contacts, Get, World.Limits, World.Privacy);

    private GetContact Get => new(World.Contacts);

    private ListContacts List => new(World.Contacts);

    private RemoveContact Remove => new(World.Contacts, World.Limits, World.Privacy);

    [Test, CancelAfter(20_000)]
    public async Task A_contact_is_kept_under_an_own_name_starred_listed_and_removed(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");
        Caller cora = await World.PersonAsync("Cora");

        ContactRow plain = (await Put.ExecuteAsync(anna, bert.PrincipalId, null, false, ct)).Value;
        ContactRow named = (await Put.ExecuteAsync(anna, bert.PrincipalId, "  Bertie ", true, ct)).Value;
        await Put.ExecuteAsync(anna, cora.PrincipalId, " ", false, ct);

        Assert.That((plain.Name, plain.OwnName, plain.Favourite), Is.EqualTo(("Bert", (string?)null, false)));
        Assert.That((named.Name, named.OwnName, named.Favourite, named.AddedAtMs), Is.EqualTo(("Bert", "Bertie", true, plain.AddedAtMs)));
        ContactPage first = (await List.ExecuteAsync(anna, null, 1, false, ct)).Value;
        ContactPage second = (await List.ExecuteAsync(anna, bert.PrincipalId, 1, false, ct)).Value;
        Assert.That((first.HasMore, second.HasMore, second.Contacts.Single().Name), Is.EqualTo((true, false, "Cora")));
        Assert.That((await List.ExecuteAsync(anna, null, null, true, ct)).Value.Contacts, Is.EqualTo(new[] { named }));
        Assert.That((await List.ExecuteAsync(bert, null, null, false, ct)).Value.Contacts, Is.Empty, "the other one keeps nobody by it");

        Assert.That((await Remove.ExecuteAsync(anna, bert.PrincipalId, ct)).IsOk);
        FailureAssert.Failed(await Get.ExecuteAsync(anna, bert.PrincipalId, ct), ErrorCode.ContactNotFound, "principal_id");
        FailureAssert.Failed(await Remove.ExecuteAsync(anna, bert.PrincipalId, ct), ErrorCode.ContactNotFound, "principal_id");
        long inbox = (await World.Accounts.FindAsync(anna.PrincipalId, ct))!.InboxChatId;
        Assert.That(
            World.Events.Committed.Where(row => row.ChatId == inbox && row.Kind == EventKinds.ContactChanged).Select(row => row.SubjectId),
            Is.EqualTo(new long?[] { bert.PrincipalId, bert.PrincipalId, cora.PrincipalId, bert.PrincipalId }));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_contact_that_cannot_be_is_refused(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");

        FailureAssert.Failed(await Put.ExecuteAsync(anna, anna.PrincipalId, null, false, ct), ErrorCode.InvalidArgument, "principal_id");
        FailureAssert.Failed(await Put.ExecuteAsync(anna, 1L << 50, null, false, ct), ErrorCode.PrincipalNotFound, "principal_id");
        FailureAssert.Failed(await Put.ExecuteAsync(anna, bert.PrincipalId, new string('a', 256), false, ct), ErrorCode.InvalidArgument, "name");
        FailureAssert.Failed(await Remove.ExecuteAsync(anna, 1L << 50, ct), ErrorCode.ContactNotFound, "principal_id");
        FailureAssert.Failed(await List.ExecuteAsync(anna, null, 201, false, ct), ErrorCode.InvalidArgument, "limit");
        Assert.That(await World.Contacts.PutAsync(anna.PrincipalId, bert.PrincipalId, (null, false), 0, ct), Is.EqualTo(PeopleStatus.TooMany));
    }

    [Test, CancelAfter(20_000)]
    public async Task Looking_people_up_is_limited_for_each_principal_found_or_not(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");
        RequestLimits limits = new(
            new LiveSettings(new LimitSettings { LookupsPerSecond = 0.5, LookupsBurst = 3 }), World.Load, World.Fanout, World.Time);
        FindPerson find = new(World.Principals, limits);

        for (int i = 0; i < 3; i++) FailureAssert.Failed(await find.ExecuteAsync(anna, World.NewEmail(), ct), ErrorCode.PrincipalNotFound, "login");
        Result<PersonFound> refused = await find.ExecuteAsync(anna, World.NewEmail(), ct);

        Assert.That((refused.Failure!.Code, refused.Failure.RetryAfter), Is.EqualTo((ErrorCode.RateLimited, TimeSpan.FromSeconds(2))));
        Assert.That((await find.ExecuteAsync(bert, World.NewEmail(), ct)).Failure!.Code, Is.EqualTo(ErrorCode.PrincipalNotFound), "another one is not held up");
        PutContact put = new(World.Contacts, Get, limits, World.Privacy);
        Assert.That((await put.ExecuteAsync(anna, bert.PrincipalId, null, false, ct)).Failure!.Code, Is.EqualTo(ErrorCode.RateLimited));
        BlockPerson block = new(World.Blocks, limits, World.Privacy);
        Assert.That((await block.ExecuteAsync(anna, bert.PrincipalId, ct)).Failure!.Code, Is.EqualTo(ErrorCode.RateLimited), "the list of blocks has names");
        World.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.That((await put.ExecuteAsync(anna, bert.PrincipalId, null, false, ct)).IsOk);
    }
}
