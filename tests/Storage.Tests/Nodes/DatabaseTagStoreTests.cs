using Chat.Storage.Nodes;
using Chat.Storage.Schema;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Storage.Tests.Nodes;

[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class DatabaseTagStoreTests
{
    [Test, CancelAfter(60_000)]
    public async Task Each_database_has_a_tag_of_its_own_that_stays(CancellationToken ct)
    {
        await using TestDatabase one = await TestDatabase.CreateEmptyAsync(), two = await TestDatabase.CreateEmptyAsync();
        long[] tags = new long[2];
        foreach ((int index, TestDatabase database) in ((TestDatabase[])[one, two]).Index())
        {
            await new Migrator(database.Source, NullLogger<Migrator>.Instance).UpAsync(ct);
            tags[index] = await new DatabaseTagStore(database.Source).ReadAsync(ct);
        }

        await new Migrator(one.Source, NullLogger<Migrator>.Instance).UpAsync(ct);

        Assert.That(tags, Is.Unique.And.All.Positive);
        Assert.That(await new DatabaseTagStore(one.Source).ReadAsync(ct), Is.EqualTo(tags[0]));
    }
}
