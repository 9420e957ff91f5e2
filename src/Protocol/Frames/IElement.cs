using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames;

/// <summary>
/// A structure that stands as an array inside a frame: a struct, or a class where few frames have it and the others are to stay small.
/// </summary>
internal interface IElement<TSelf>
    where TSelf : IElement<TSelf>
{
    /// <summary>Writes the whole array, header included.</summary>
    static abstract void Write(in TSelf element, ref MessagePackWriter writer);

    /// <summary>Reads the elements behind the array's header; <see cref="FieldReader"/> skips what is left over.</summary>
    static abstract TSelf Read(ref FieldReader fields);
}
