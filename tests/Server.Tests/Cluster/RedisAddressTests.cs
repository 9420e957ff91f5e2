using Chat.Server.Cluster;

namespace Chat.Server.Tests.Cluster;

[Parallelizable]
internal sealed class RedisAddressTests
{
    [TestCase("localhost", "localhost:6379", "", false, 0)]
    [TestCase("10.1.2.3:7000", "10.1.2.3:7000", "", false, 0)]
    [TestCase(" a:1 , b:2,", "a:1, b:2", "", false, 0)]
    [TestCase("[::1]:7000", "[::1]:7000", "", false, 0)]
    [TestCase("redis://cache", "cache:6379", "", false, 0)]
    [TestCase("redis://:p%40ss%2C@cache:7000/2", "cache:7000", "p@ss,", false, 2)]
    [TestCase("redis://default:secret@cache", "cache:6379", "secret", false, 0)]
    [TestCase("rediss://:secret@cache:7001/", "cache:7001", "secret", true, 0)]
    [TestCase("rediss://a:1,b:2", "a:1, b:2", "", true, 0)]
    [TestCase("unix:/run/redis/redis.sock", "unix:/run/redis/redis.sock", "", false, 0)]
    [TestCase("unix:///run/redis.sock", "unix:///run/redis.sock", "", false, 0)]
    public void An_address_is_read(string redis, string servers, string password, bool tls, int database)
    {
        RedisAddress address = RedisFixture.Read(new ClusterOptions { Redis = redis });

        Assert.That(address.Shown, Is.EqualTo(servers));
        Assert.That(address.Password, Is.EqualTo(password));
        Assert.That(address.Tls, Is.EqualTo(tls));
        Assert.That(address.Database, Is.EqualTo(database));
        Assert.That(address.ToConfiguration("test").EndPoints, Has.Count.EqualTo(address.Servers.Count));
    }

    [Test]
    public void Settings_add_to_the_address()
    {
        ClusterOptions options = new() { Redis = "a:1", RedisPassword = "secret", RedisTls = true, RedisDatabase = 4 };

        RedisAddress address = RedisFixture.Read(options);

        Assert.That((address.Password, address.Tls, address.Database), Is.EqualTo(("secret", true, 4)));
        Assert.That(options.Validate(), Is.Empty);
    }

    [TestCase("")]
    [TestCase(" , ")]
    public void Without_an_address_the_node_is_alone(string redis)
    {
        List<string> faults = [];

        Assert.That(RedisAddress.Read(new ClusterOptions { Redis = redis }, faults), Is.Null);
        Assert.That(faults, Is.Empty);
    }

    [TestCase("a:0", "host:port")]
    [TestCase("a:70000", "host:port")]
    [TestCase("a:b", "host:port")]
    [TestCase(":6379", "host:port")]
    [TestCase("a b", "host:port")]
    [TestCase("a/1", "host:port")]
    [TestCase("unix:run/redis.sock", "the whole path")]
    [TestCase("unix:", "the whole path")]
    [TestCase("::1", "host:port")]
    [TestCase("me:hunter2@a:1", "***@a:1")]
    [TestCase("a:1,password=hunter2", "options|takes addresses only")]
    [TestCase("http://a", "redis://")]
    [TestCase("redis+unix:///tmp/redis", "redis://")]
    [TestCase("redis://", "redis://")]
    [TestCase("redis://anna:hunter2@a:1", "only Redis's user 'default'")]
    [TestCase("redis://hunter2@a:1", "only Redis's user 'default'")]
    [TestCase("redis://a/x", "0 to 15")]
    [TestCase("redis://a/16", "0 to 15")]
    [TestCase("redis://a/-1", "0 to 15")]
    [TestCase("redis://a/0?ssl=true", "nothing may stand behind the database")]
    [TestCase("redis://a,rediss://b", "at once")]
    [TestCase("redis://:x@a,redis://:y@b", "more than one password")]
    [TestCase("redis://a/1,redis://b/2", "more than one database")]
    public void What_cannot_be_used_is_a_fault_of_the_settings_that_shows_no_password(string redis, string expected)
    {
        string[] faults = [.. new ClusterOptions { Redis = redis }.Validate()];

        Assert.That(faults, Is.Not.Empty);
        Assert.That(faults[0], Does.StartWith("Cluster:Redis").And.Contains(expected.Split('|')[^1]));
        Assert.That(string.Concat(faults), Does.Not.Contain("hunter2@").And.Not.Contains(":hunter2").And.Not.Contains("=hunter2"));
    }

    [Test]
    public void A_socket_whose_path_is_too_long_or_that_is_to_speak_TLS_is_a_fault()
    {
        string tooLong = $"unix:/{new string('a', 120)}";

        Assert.That(new ClusterOptions { Redis = tooLong }.Validate().Single(), Does.StartWith("Cluster:Redis").And.Contains("so long"));
        Assert.That(new ClusterOptions { Redis = "unix:/a", RedisTls = true }.Validate().Single(), Does.StartWith("Cluster:Redis").And.Contains("TLS"));
    }

    [Test]
    public void A_password_or_database_that_stands_in_two_places_must_be_the_same()
    {
        Assert.That(new ClusterOptions { Redis = "redis://:x@a/1", RedisPassword = "x", RedisDatabase = 1 }.Validate(), Is.Empty);
        Assert.That(
            new ClusterOptions { Redis = "redis://:x@a", RedisPassword = "y" }.Validate().Single(), Does.Contain("Cluster:RedisPassword"));
        Assert.That(
            new ClusterOptions { Redis = "redis://a/1", RedisDatabase = 2 }.Validate().Single(), Does.Contain("Cluster:RedisDatabase"));
    }
}
