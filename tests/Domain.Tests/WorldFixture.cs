namespace Chat.Domain.Tests;

/// <summary>One database for all tests of a fixture; each test makes people and chats of its own in it.</summary>
[Category("postgres"), Parallelizable]
public abstract class WorldFixture
{
    private protected World World { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task CreateWorld() => World = await World.CreateAsync();

    [OneTimeTearDown]
    public async Task DisposeWorld()
    {
        if (World is not null) await World.DisposeAsync();
    }
}
