using System.Globalization;
using System.Reflection;
using Chat.Protocol.Codes;
using Chat.Storage;

namespace Chat.Domain.Tests.Wire;

/// <summary>Protocol and Storage know nothing of each other; Domain casts between their numbers, so they must be equal.</summary>
[Parallelizable]
public sealed class FrozenNumbersTests
{
    [TestCase(typeof(ChatKind), typeof(ChatKinds))]
    [TestCase(typeof(EventKind), typeof(EventKinds))]
    [TestCase(typeof(MemberRole), typeof(MemberRoles))]
    [TestCase(typeof(PrincipalKind), typeof(PrincipalKinds))]
    public void Numbers_of_the_wire_are_those_of_the_disk(Type wire, Type disk)
    {
        Dictionary<string, long> onWire = Enum.GetValuesAsUnderlyingType(wire).Cast<object>()
            .ToDictionary(value => Enum.GetName(wire, value)!, value => Convert.ToInt64(value, CultureInfo.InvariantCulture));
        Dictionary<string, long> onDisk = disk.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .ToDictionary(field => field.Name, field => Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture));
        onWire.Remove("None");

        Assert.That(onDisk, Is.Not.Empty);
        Assert.That(onWire, Is.EquivalentTo(onDisk), "append to both, never edit");
    }
}
