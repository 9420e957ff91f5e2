using System.Text;

using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Outbox;

/// <summary>What the file holds after whatever happened to the process, the disk or the bytes.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class FileOutboxStoreTests
{
    private static readonly Uri Url = new("http://chat.test:8080/at");

    [Test]
    public void What_was_saved_last_of_each_is_there_after_a_restart_and_what_was_removed_is_not()
    {
        using TempFolder folder = new();
        Guid one = Guid.NewGuid(), two = Guid.NewGuid(), three = Guid.NewGuid();
        using (FileOutboxStore store = new(folder.Path, Url, 12))
        {
            store.Save(one, "one"u8);
            store.Save(two, "two"u8);
            store.Save(three, "three"u8);
            store.Save(one, "one again"u8);
            store.Remove(two);
            store.Remove(Guid.NewGuid());
        }

        using FileOutboxStore again = new(folder.Path, Url, 12);

        Assert.That(Texts(again), Is.EquivalentTo(new[] { "one again", "three" }));
        Assert.That(again.DamagedBytes, Is.Zero);
    }

    [Test]
    public void Each_person_and_each_service_has_its_own()
    {
        using TempFolder folder = new();
        using FileOutboxStore anna = new(folder.Path, Url, 12);
        using FileOutboxStore ben = new(folder.Path, Url, 13);
        using FileOutboxStore elsewhere = new(folder.Path, new Uri("http://chat.test:8081/at"), 12);
        using FileOutboxStore path = new(folder.Path, new Uri("http://chat.test:8080/other"), 12);

        anna.Save(Guid.NewGuid(), "of anna"u8);

        Assert.That(Texts(anna), Is.EqualTo(new[] { "of anna" }));
        foreach (FileOutboxStore other in (FileOutboxStore[])[ben, elsewhere, path]) Assert.That(other.Load(), Is.Empty);
    }

    [Test]
    public void A_file_that_is_open_is_refused_until_it_is_let_go()
    {
        using TempFolder folder = new();
        FileOutboxStore first = new(folder.Path, Url, 12);

        ChatException? refused = Assert.Throws<ChatException>(() => _ = new FileOutboxStore(folder.Path, Url, 12));
        first.Dispose();
        using FileOutboxStore second = new(folder.Path, Url, 12);

        Assert.That(refused!.Code, Is.EqualTo((int)LocalErrorCode.OutboxInUse));
        Assert.That(refused.Name, Is.EqualTo("outbox_in_use"));
        Assert.That(refused.Message, Does.Contain(folder.Path));
        Assert.That(() => first.Save(Guid.NewGuid(), "late"u8), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_file_under_the_name_of_another_is_refused_and_left_as_it_is()
    {
        using TempFolder folder = new();
        using (FileOutboxStore anna = new(folder.Path, Url, 12)) anna.Save(Guid.NewGuid(), "of anna"u8);
        string file = Outboxes(folder.Path).Single();
        string moved = file.Replace("-12.", "-13.", StringComparison.Ordinal);
        File.Move(file, moved);
        byte[] before = File.ReadAllBytes(moved);

        ChatException? refused = Assert.Throws<ChatException>(() => _ = new FileOutboxStore(folder.Path, Url, 13));

        Assert.That(refused!.Name, Is.EqualTo("outbox_damaged"));
        Assert.That(File.ReadAllBytes(moved), Is.EqualTo(before));
    }

    [Test]
    public void A_file_of_a_later_version_is_refused_and_one_that_is_no_outbox_is_moved_aside()
    {
        using TempFolder folder = new();
        using (FileOutboxStore store = new(folder.Path, Url, 12)) store.Save(Guid.NewGuid(), "text"u8);
        string file = Outboxes(folder.Path).Single();

        File.WriteAllText(file, "chat outbox 2\nof which this version knows nothing");
        ChatException? refused = Assert.Throws<ChatException>(() => _ = new FileOutboxStore(folder.Path, Url, 12));
        File.WriteAllText(file, "something else");
        using FileOutboxStore anew = new(folder.Path, Url, 12);

        Assert.That(refused!.Name, Is.EqualTo("outbox_damaged"));
        Assert.That(anew.Load(), Is.Empty);
        Assert.That(anew.DamagedBytes, Is.EqualTo(14));
        Assert.That(File.ReadAllText($"{file}.damaged"), Is.EqualTo("something else"));
        anew.Clear();
        Assert.That(File.Exists($"{file}.damaged"), Is.False, "cleared is all of it");
    }

    [Test]
    public void A_long_life_does_not_make_a_large_file()
    {
        using TempFolder folder = new();
        using FileOutboxStore store = new(folder.Path, Url, 12);
        string file = Outboxes(folder.Path).Single();
        byte[] entry = new byte[1_000];
        Guid kept = Guid.NewGuid();
        store.Save(kept, "kept"u8);

        for (int i = 0; i < 1_000; i++)
        {
            Guid id = Guid.NewGuid();
            store.Save(id, entry);
            store.Remove(id);
            Assert.That(new FileInfo(file).Length, Is.LessThan(80_000));
        }

        Assert.That(Texts(store), Is.EqualTo(new[] { "kept" }));
        store.Remove(kept);
        Assert.That(new FileInfo(file).Length, Is.LessThan(200), "nothing is kept of what is sent");
    }

    [Test]
    public void A_file_that_could_not_be_opened_again_after_it_was_written_anew_is_opened_by_the_next_call()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Windows moves no file that is open.");
            return;
        }

        using TempFolder folder = new();
        FileOutboxStore store = new(folder.Path, Url, 12);
        string file = Outboxes(folder.Path).Single();
        store.Save(Guid.NewGuid(), "kept"u8);
        byte[] entry = new byte[1_000];
        Guid last = Guid.NewGuid();
        while (new FileInfo(file).Length < 64_600) store.Save(last, entry);
        string aside = $"{file}.aside";
        File.Move(file, aside);
        Directory.CreateDirectory(file); // neither to be replaced nor opened

        store.Save(last, entry); // it is time for it now
        Exception? refused = Assert.Catch(() => store.Save(Guid.NewGuid(), "refused"u8));
        Directory.Delete(file);
        File.Move(aside, file);
        store.Save(last, "last"u8);
        store.Save(Guid.NewGuid(), "after"u8);

        Assert.That(refused, Is.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
        Assert.That(Texts(store), Is.EquivalentTo(new[] { "kept", "last", "after" }));
        store.Dispose();
        using FileOutboxStore again = new(folder.Path, Url, 12);
        Assert.That(Texts(again), Is.EquivalentTo(new[] { "kept", "last", "after" }));
        Assert.That(again.DamagedBytes, Is.Zero);
    }

    [Test]
    public void Only_the_user_of_the_system_may_read_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Windows has lists in place of modes.");
            return;
        }

        using TempFolder folder = new();
        string inside = Path.Combine(folder.Path, "new", "folder");
        using FileOutboxStore store = new(inside, Url, 12) { FlushToDisk = true };
        store.Save(Guid.NewGuid(), "secret"u8);

        Assert.That(File.GetUnixFileMode(Outboxes(inside).Single()), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(File.GetUnixFileMode(inside) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead), Is.EqualTo(UnixFileMode.None));
    }

    [Test]
    public void A_process_that_is_killed_at_any_byte_of_a_write_leaves_what_was_there_before_or_after_it()
    {
        int seed = TestContext.CurrentContext.Random.Next();
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        using TempFolder folder = new();
        Dictionary<Guid, string> model = [];
        using FileOutboxStore store = new(folder.Path, Url, 12);
        string file = Outboxes(folder.Path).Single();
        for (int step = 0; step < 40; step++)
        {
            string[] before = Sorted(model.Values);
            byte[] bytesBefore = File.ReadAllBytes(file);
            Change(store, model, random, step);
            byte[] bytesAfter = File.ReadAllBytes(file);
            string[] after = Sorted(model.Values);
            if (!bytesAfter.AsSpan().StartsWith(bytesBefore)) continue; // cut as a whole, which the system does at once

            for (int length = bytesBefore.Length; length <= bytesAfter.Length; length += 1 + random.Next(7))
            {
                string killed = Directory.CreateDirectory(Path.Combine(folder.Path, $"killed-{step}-{length}")).FullName;
                File.WriteAllBytes(Path.Combine(killed, Path.GetFileName(file)), bytesAfter[..length]);
                using (FileOutboxStore next = new(killed, Url, 12))
                {
                    bool isWhole = length == bytesAfter.Length;
                    Assert.That(Sorted(Texts(next)), Is.EqualTo(isWhole ? after : before), $"step {step}, {length} of {bytesAfter.Length} bytes");
                    Assert.That(next.DamagedBytes, Is.EqualTo(isWhole ? 0 : length - bytesBefore.Length));
                    next.Save(Guid.NewGuid(), "goes on"u8);
                }

                using FileOutboxStore last = new(killed, Url, 12);
                Assert.That(Texts(last), Has.One.EqualTo("goes on"));
                Assert.That(last.DamagedBytes, Is.Zero, "the torn end was cut off");
            }
        }
    }

    [Test]
    public void A_process_that_is_killed_while_it_writes_the_file_anew_leaves_the_old_one()
    {
        using TempFolder folder = new();
        using (FileOutboxStore store = new(folder.Path, Url, 12)) store.Save(Guid.NewGuid(), "kept"u8);
        string file = Outboxes(folder.Path).Single();
        File.WriteAllBytes($"{file}.new", File.ReadAllBytes(file)[..20]);

        using FileOutboxStore again = new(folder.Path, Url, 12);

        Assert.That(Texts(again), Is.EqualTo(new[] { "kept" }));
        Assert.That(File.Exists($"{file}.new"), Is.False);
    }

    [Test]
    public void Bytes_that_the_disk_lost_cost_the_entries_that_they_were_of_and_no_other()
    {
        int seed = TestContext.CurrentContext.Random.Next();
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        using TempFolder folder = new();
        string[] texts = [.. Enumerable.Range(0, 20).Select(i => $"entry {i} {new string('x', random.Next(200))}")];
        using (FileOutboxStore store = new(folder.Path, Url, 12))
            foreach (string text in texts) store.Save(Guid.NewGuid(), Encoding.UTF8.GetBytes(text));
        string file = Outboxes(folder.Path).Single();
        byte[] whole = File.ReadAllBytes(file);
        int heading = whole.Length - texts.Sum(text => 25 + text.Length);

        for (int round = 0; round < 300; round++)
        {
            byte[] damaged = [.. whole];
            int at = random.Next(heading, whole.Length);
            int length = Math.Min(1 + random.Next(60), whole.Length - at);
            random.NextBytes(damaged.AsSpan(at, length));
            File.WriteAllBytes(file, damaged);
            using FileOutboxStore store = new(folder.Path, Url, 12);

            List<string> left = Untouched(texts, heading, whole, damaged);
            Assert.That(Texts(store), Is.EquivalentTo(left), $"round {round}: {length} bytes at {at}");
            Assert.That(store.DamagedBytes, left.Count == texts.Length ? Is.Zero : Is.Positive);
            store.Dispose();
            using FileOutboxStore again = new(folder.Path, Url, 12);
            Assert.That(Texts(again), Is.EquivalentTo(left));
            Assert.That(again.DamagedBytes, Is.Zero, "told once");
        }
    }

    [Test]
    public void Whatever_the_bytes_are_the_store_opens_works_and_opens_again_or_says_why_not()
    {
        int seed = TestContext.CurrentContext.Random.Next();
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        using TempFolder folder = new();
        using (FileOutboxStore store = new(folder.Path, Url, 12))
            for (int i = 0; i < 10; i++) store.Save(Guid.NewGuid(), new byte[random.Next(100)]);
        string file = Outboxes(folder.Path).Single();
        byte[] whole = File.ReadAllBytes(file);

        for (int round = 0; round < 500; round++)
        {
            File.WriteAllBytes(file, Mangle(whole, random));
            FileOutboxStore? store = null;
            try
            {
                store = new FileOutboxStore(folder.Path, Url, 12);
            }
            catch (ChatException refused) when (refused.Code == (int)LocalErrorCode.OutboxDamaged)
            {
                Assert.That(refused.Message, Does.Contain(file));
                continue;
            }

            using (store) store.Save(Guid.NewGuid(), "new"u8);
            using FileOutboxStore again = new(folder.Path, Url, 12);
            Assert.That(Texts(again), Has.One.EqualTo("new"), $"round {round}");
            Assert.That(again.Load(), Has.Count.LessThanOrEqualTo(11));
        }
    }

    [Test]
    public void A_text_that_looks_like_a_record_is_none()
    {
        using TempFolder folder = new();
        Guid first = Guid.NewGuid();
        byte[] recordOfAnother;
        using (TempFolder other = new())
        {
            using (FileOutboxStore theirs = new(other.Path, Url, 12)) theirs.Save(Guid.NewGuid(), "planted"u8);
            recordOfAnother = File.ReadAllBytes(Outboxes(other.Path).Single())[^32..];
        }

        using (FileOutboxStore store = new(folder.Path, Url, 12)) store.Save(first, recordOfAnother);
        string file = Outboxes(folder.Path).Single();
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^(recordOfAnother.Length + 20)] ^= 1; // the record around it is damaged, so what is in it is looked through
        File.WriteAllBytes(file, bytes);

        using FileOutboxStore again = new(folder.Path, Url, 12);

        Assert.That(again.Load(), Is.Empty);
        Assert.That(again.DamagedBytes, Is.EqualTo(25 + recordOfAnother.Length));
    }

    private static IEnumerable<string> Outboxes(string folder) => Directory.GetFiles(folder, "*.outbox");

    private static IEnumerable<string> Texts(FileOutboxStore store) => store.Load().Select(entry => Encoding.UTF8.GetString(entry.Span));

    private static string[] Sorted(IEnumerable<string> texts) => [.. texts.Order(StringComparer.Ordinal)];

    private static void Change(FileOutboxStore store, Dictionary<Guid, string> model, Random random, int step)
    {
        Guid id = model.Count > 0 && random.Next(2) == 0 ? model.Keys.ElementAt(random.Next(model.Count)) : Guid.NewGuid();
        if (model.ContainsKey(id) && random.Next(3) > 0)
        {
            store.Remove(id);
            model.Remove(id);
            return;
        }

        model[id] = $"step {step} {new string('y', random.Next(80))}";
        store.Save(id, Encoding.UTF8.GetBytes(model[id]));
    }

    /// <summary>The entries of which no byte is another one.</summary>
    private static List<string> Untouched(string[] texts, int heading, byte[] whole, byte[] damaged)
    {
        List<string> left = [];
        int place = heading;
        foreach (string text in texts)
        {
            int bytes = 25 + text.Length;
            if (whole.AsSpan(place, bytes).SequenceEqual(damaged.AsSpan(place, bytes))) left.Add(text);
            place += bytes;
        }

        return left;
    }

    private static byte[] Mangle(byte[] whole, Random random)
    {
        byte[] bytes = [.. whole];
        switch (random.Next(5))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                for (int i = 0; i < 5; i++) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                Array.Clear(bytes, random.Next(bytes.Length / 2), random.Next(bytes.Length / 2));
                return bytes;
            case 3:
                return [.. bytes, .. bytes.AsSpan(random.Next(bytes.Length))];
            default:
                random.NextBytes(bytes.AsSpan(random.Next(bytes.Length)));
                return bytes;
        }
    }
}
